//! A Leptos app that shows the widget as a component. Run `trunk serve` in this folder.

use leptos::prelude::*;
use zoho_backup_status::BackupStatus;
use zoho_backup_status::core::options::Variant;
use zoho_backup_status::core::verdict::Verdict;

#[component]
fn Admin() -> impl IntoView {
    let (variant, set_variant) = signal(Variant::Card);
    let (last_change, set_last_change) = signal("nothing yet".to_owned());
    let switch = move |_| {
        set_variant.update(|variant| {
            *variant = if *variant == Variant::Card { Variant::Badge } else { Variant::Card };
        });
    };
    let on_change = move |verdict: Verdict| set_last_change.set(verdict.state.to_string());
    view! {
        <h1>"Administration"</h1>
        <BackupStatus proxy_url="/crm/bulk/v6/backup" label="CRM, EU" variant=variant on_change=on_change />
        <p>"The backup is: " {last_change}</p>
        <button on:click=switch>"Card or badge"</button>
    }
}

fn main() {
    leptos::mount::mount_to_body(Admin);
}
