//! A reply document that the host supplies.

/// A reply document of the host, with its next run this many seconds from now.
pub fn supplied(seconds: i64) -> String {
    format!(
        "{{ backup: {{
           id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=DAILY',
           scheduled_date: new Date(Date.now() + {seconds} * 1000).toISOString(),
           start_date: '2020-01-01T00:00:00Z', requester: {{ id: '2', name: 'Host' }},
         }} }}"
    )
}
