//! Which door: temporary, direct only.
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::service::clock::Clock;
use crate::service::{LocalDoor, Service, Session};
use std::path::PathBuf;
use std::sync::Arc;
pub struct Place {
    pub data: PathBuf,
    pub named: bool,
    pub socket: Option<PathBuf>,
}
impl Place {
    pub fn has_ledger(&self) -> bool {
        self.data.join("office.redb").exists()
    }
    pub fn is_served(&self) -> bool {
        false
    }
}
pub fn whoami() -> Session {
    let uid = rustix::process::geteuid().as_raw();
    let login = uzers::get_user_by_uid(uid)
        .map_or_else(|| format!("uid {uid}"), |user| user.name().to_string_lossy().into_owned());
    Session { uid, login }
}
pub fn account(login: &str) -> Option<Session> {
    uzers::get_user_by_name(login).map(|user| Session { uid: user.uid(), login: login.to_owned() })
}
pub fn brief_door(place: &Place) -> Result<Box<dyn Door>, Refusal> {
    let service = Service::open(&place.data, Clock::System)?;
    Ok(Box::new(LocalDoor::new(Arc::new(service), whoami())))
}
pub fn serve(_place: &Place, _idle: Option<u64>) -> Result<(), Refusal> {
    Err(Refusal::new(RefusalKind::Closed, "closed"))
}

pub fn live_door(place: &Place) -> Result<Box<dyn Door>, Refusal> {
    brief_door(place)
}
