//! What belongs to one account alone: settings of its screen and half-typed forms.
//!
//! INVARIANT: a key begins with the account's number, so that no account reads another's.

use chrono::TimeDelta;

use crate::api::own::{
    DRAFT_DAYS, DRAFTS_MAX, Draft, Keep, NAME_MAX, OwnView, SETTING_MAX, SETTINGS_MAX,
};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::service::stop::Stop;
use crate::service::{Asking, Service};
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};

/// The bytes of the account's number before each name.
const OWNER: usize = 8;

/// All that belongs to the asker.
pub fn read(snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let mut view = OwnView::default();
    let owner = owner(asking);
    let span = Span::prefix(Space::Setting, &owner);
    for (key, _) in snapshot.page(&span, Order::Forward, SETTINGS_MAX)? {
        let Some(name) = key.get(OWNER..).and_then(|name| str::from_utf8(name).ok()) else {
            continue;
        };
        if let Some(value) = snapshot.value(Space::Setting, &key)? {
            view.settings.insert(name.to_owned(), value);
        }
    }
    view.drafts = drafts(snapshot, asking)?.into_iter().map(|(_, draft)| draft).collect();
    view.drafts.retain(|draft| !is_old(draft, asking));
    Ok(Reply::Own(view))
}

/// One setting of the asker.
///
/// # Errors
/// A damaged ledger.
pub fn setting(snapshot: &Snapshot, asking: &Asking, name: &str) -> Result<Option<String>, Stop> {
    let key = [&owner(asking)[..], name.as_bytes()].concat();
    Ok(snapshot.value(Space::Setting, &key)?)
}

/// Keeps something for the asker, or lets it go.
pub fn keep(service: &Service, asking: Asking, keep: Keep) -> Result<Reply, Stop> {
    let is_named = |name: &str| !name.is_empty() && name.len() <= NAME_MAX;
    let fits = match &keep {
        Keep::Setting { name, value } => {
            let length = value.as_ref().map_or(0, String::len);
            is_named(name) && length <= SETTING_MAX
        }
        Keep::Draft(draft) => is_named(&draft.name),
        Keep::DropDraft { name } => is_named(name),
    };
    if !fits {
        return Err(Refusal::new(RefusalKind::Invalid, "cannot_keep").into());
    }
    service.store.write(move |work| {
        let owner = owner(&asking);
        let key = |name: &str| [owner.as_slice(), name.as_bytes()].concat();
        match keep {
            Keep::Setting { name, value: None } => work.remove(Space::Setting, &key(&name))?,
            Keep::Setting { name, value: Some(value) } => {
                let (key, span) = (key(&name), Span::prefix(Space::Setting, &owner));
                let rows = work.page(&span, Order::Forward, SETTINGS_MAX)?;
                if rows.len() >= SETTINGS_MAX && !rows.iter().any(|(other, _)| *other == key) {
                    return Err(Refusal::new(RefusalKind::Invalid, "cannot_keep").into());
                }
                work.put_value(Space::Setting, &key, &value)?;
            }
            Keep::DropDraft { name } => work.remove(Space::Draft, &key(&name))?,
            Keep::Draft(draft) => {
                let key = key(&draft.name);
                let draft = Draft { kept_at: asking.now, ..*draft };
                let others = drafts(work, &asking)?.into_iter().filter(|(other, _)| *other != key);
                // The new one is the newest of them.
                for (at, (other, old)) in others.enumerate() {
                    if at + 1 >= DRAFTS_MAX || is_old(&old, &asking) {
                        work.remove(Space::Draft, &other)?;
                    }
                }
                work.put_value(Space::Draft, &key, &draft)?;
            }
        }
        Ok::<_, Stop>(())
    })?;
    Ok(Reply::Kept)
}

/// The half-typed forms of the asker with their keys, the newest first.
fn drafts(ledger: &impl Read, asking: &Asking) -> Result<Vec<(Vec<u8>, Draft)>, Stop> {
    let span = Span::prefix(Space::Draft, &owner(asking));
    let mut drafts = Vec::new();
    for (key, _) in ledger.page(&span, Order::Backward, 2 * DRAFTS_MAX)? {
        if let Some(draft) = ledger.value::<Draft>(Space::Draft, &key)? {
            drafts.push((key, draft));
        }
    }
    drafts.sort_by_key(|(_, draft)| std::cmp::Reverse(draft.kept_at));
    Ok(drafts)
}

fn is_old(draft: &Draft, asking: &Asking) -> bool {
    asking.now - draft.kept_at > TimeDelta::days(DRAFT_DAYS)
}

fn owner(asking: &Asking) -> [u8; OWNER] {
    asking.clerk.id.0.to_be_bytes()
}
