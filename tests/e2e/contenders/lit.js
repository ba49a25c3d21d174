// The same element with well-known libraries: Lit draws it, rrule.js reads the rule, <relative-time> counts down.

import "@github/relative-time-element";
import { LitElement, css, html, svg } from "lit";
import { rrulestr } from "rrule";

const ICONS = { SCHEDULED: "M8 2a6 6 0 1 0 .01 0M8 4.8V8l2.3 1.5", FAILED: "M3.5 3.5l9 9M12.5 3.5l-9 9" };
const WORDS = { SCHEDULED: "Scheduled", FAILED: "Failed" };
const REASONS = { SCHEDULED: "The next run is planned.", FAILED: "Zoho reports that the last backup failed." };

const DATE = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "full" });

class WithLit extends LitElement {
  static properties = { data: { attribute: false }, variant: {}, proxyUrl: { attribute: "proxy-url" } };

  static styles = css`
    :host { display: block; font: 14px/1.45 system-ui, sans-serif; color: light-dark(#1c2430, #e8ecf2); }
    :host([variant="badge"]) { display: inline-block; }
    .card { padding: 16px 18px; border: 1px solid light-dark(#d9dfe7, #364152); border-radius: 12px; }
    .badge { display: inline-flex; gap: 6px; padding: 3px 10px; border-radius: 15px; background: light-dark(#e2f4e8, #14341f); }
    .quiet { color: light-dark(#566273, #a3afbf); }
    svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.8; }
    dl { display: grid; grid-template-columns: 2fr 5fr; gap: 6px; }
    dd { margin: 0; }
  `;

  connectedCallback() {
    super.connectedCallback();
    if (!this.data) this.refresh();
  }

  async refresh() {
    this.data = await (await fetch(this.proxyUrl, { cache: "no-cache" })).json();
  }

  render() {
    if (!this.data) return "";
    const { status, rrule, scheduled_date, start_date } = this.data.backup;
    const next = new Date(scheduled_date);
    const line = html`<div class="line">
      <span class="badge"><svg viewBox="0 0 16 16">${svg`<path d=${ICONS[status]} />`}</svg><b>${WORDS[status]}</b></span>
      Next run in <relative-time datetime=${scheduled_date} format="duration" precision="second" no-title></relative-time>
    </div>`;
    if (this.variant === "badge") return line;
    const rule = rrulestr(rrule, { dtstart: new Date(start_date) });
    const upcoming = [];
    rule.between(next, new Date(next.getTime() + 366 * 86400000), false, (day, count) => {
      upcoming.push(day);
      return count < 5;
    });
    return html`<div class="card">
      <div><b>Zoho CRM backup</b> <button @click=${this.refresh}>Check again</button></div>
      ${line}
      <p class="quiet">${REASONS[status]}</p>
      <dl>
        <dt class="quiet">Next run</dt><dd>${DATE.format(next)}</dd>
        <dt class="quiet">Schedule</dt><dd>${rule.toText()}</dd>
      </dl>
      <details><summary>Upcoming runs</summary><ol>${upcoming.map((day) => html`<li>${DAY.format(day)}</li>`)}</ol></details>
      <small class="quiet">Checked <relative-time datetime=${new Date().toISOString()} no-title></relative-time></small>
    </div>`;
  }
}

customElements.define("with-lit", WithLit);
