import "zoho-backup-status";

const element = document.createElement("zoho-backup-status");
element.id = "w";
element.lang = "de";
element.data = {
  backup: { status: "SCHEDULED", scheduled_date: "2030-10-15T21:58:45+05:30", rrule: "RRULE:FREQ=DAILY" },
};
document.body.append(element);
