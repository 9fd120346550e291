//! Sealed reports: anybody can report so that only the readers of the team can read it, and talk
//! back without saying who they are.
//!
//! The server keeps ciphertext, the day, a size that was rounded up, the grade, hashes and a wrapped
//! reply key. It keeps no address, program, language or moment of a reporter: arrivals are written to
//! house-keeping tables, and the standing job [`round`] tells journal and team of them later.
//!
//! *Grades*: A was sealed on the reporter's device, B encrypted by the reporter, C sealed here.
//! *Manifest*: the signed list of readers. *Envelope*: one OpenPGP message. *Dialogue*: all envelopes
//! of one report. *Receipt*: the reporter's secret; `auth` finds the dialogue, `kek` opens the reply key.

mod act_web;
mod api_web;
mod armor;
mod bodies;
mod booked;
mod brake;
mod bundle;
mod clear;
mod desk;
mod desk_web;
mod dialogue;
mod end;
mod inside;
mod intake;
pub mod keys;
pub mod manifest;
mod nameless;
pub mod offline;
mod offline_web;
mod page;
mod program_web;
mod published;
mod readers_web;
mod receipt;
mod return_web;
mod round;
mod script_web;
mod server_web;
mod site;
mod start_web;
mod store;
pub mod sums;
mod unseal;
mod uploads;

/// The console's pages.
pub mod web {
    pub use super::act_web::{close, delete, keep_sealed, owner, reply, unseal};
    pub use super::desk_web::{list, one};
    pub use super::readers_web::readers;
    pub use super::script_web::{all_heads, asset, begin, commit, envelopes, heads, manifest_text, new_head, part, put, take_out, team, team_of};
}

use ::store::{Id, Reader, Statement};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};
use vault::blob::Hash;

pub use brake::Memory;
pub use desk::{How, keep_sealed, list, may_see, of_number, reply, rewrap, take, take_out};
pub use end::{close, delete};
pub use receipt::Receipt;
pub use round::{sealed_notice, sealed_round, wake};
pub use site::{mounted, router};
pub use unseal::{Chosen, unseal};

use crate::access::Who;
use crate::{App, Error, Result};

/// All envelopes of one report, and how they fare.
#[derive(Clone, Debug)]
pub struct Dialogue {
    /// 16 random bytes.
    pub id: Id,
    /// `S-2026-000012`.
    pub number: String,
    /// What it is about.
    pub intake: String,
    /// `A`, `B` or `C`: that of its first message.
    pub grade: String,
    /// The reporter's secret key under the receipt's; nobody else opens it.
    pub wrapped_key: Option<Vec<u8>>,
    /// The day it came.
    pub day: String,
    /// `arrived` (the team does not know yet), `withdrawn` (deleted by the reporter before the team knew, which it never
    /// does), `new`, `open`, `kept`, `unsealed`, `closed`, `gone` (deleted by the reporter, the journal does not know yet),
    /// `deleted`.
    pub state: String,
    /// The day of the last answer.
    pub answered_day: Option<String>,
    /// The case that it became.
    pub case: Option<Id>,
    /// Who has it.
    pub owner: Option<Id>,
    /// How often the team was warned that it will be deleted.
    pub warned: i64,
    /// On which day the last time.
    pub warned_on: Option<String>,
    /// The day on which it is deleted, if a rule says so.
    pub delete_on: Option<String>,
    /// Whether its reporter wrote something that the team was told of and has not answered yet.
    pub waits: bool,
}

/// One OpenPGP message.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// 16 random bytes.
    pub id: Id,
    /// Its dialogue.
    pub dialogue: Id,
    /// From 1.
    pub place: i64,
    /// `in` or `out`.
    pub way: String,
    /// How it was sealed: `A`, `B` or `C`; empty for what the team answers.
    pub grade: String,
    /// SHA-256 of the whole as it came.
    pub hash: Hash,
    /// The wrapped session keys, as they came.
    pub head: Vec<u8>,
    /// SHA-256 of the rest.
    pub body: Hash,
    /// Bytes of the whole.
    pub size: u64,
    /// The size as lists show it.
    pub bucket: i64,
    /// The list of readers of that time: whose signatures count.
    pub manifest_version: i64,
    /// The list that it was sealed to, as far as can be told; 0 for none of ours.
    pub sealed_to: i64,
    /// The day it came.
    pub day: String,
    /// Whether the team knows.
    pub told: bool,
}

impl Envelope {
    /// The size as lists show it.
    pub fn shown_size(&self) -> String {
        crate::web::show::size(u64::try_from(self.bucket).unwrap_or(0))
    }
}

/// This installation, as manifests and receipts know it: 32 hexadecimal digits.
pub fn instance(app: &App) -> String {
    data_encoding::HEXLOWER.encode(&instance_bytes(app))
}

fn instance_bytes(app: &App) -> [u8; 16] {
    let mac = app.key.mac("sealed instance", &[]);
    let mut sixteen = [0; 16];
    for (to, from) in sixteen.iter_mut().zip(mac) {
        *to = from;
    }
    sixteen
}

/// The day on the team's wall.
fn today(app: &App) -> Date {
    app.now().to_zoned(app.profile.calendar().zone().clone()).date()
}

fn start_of(app: &App, day: Date) -> Result<Timestamp> {
    day.to_zoned(app.profile.calendar().zone().clone()).map(|at| at.timestamp()).map_err(Error::fault)
}

fn end_of(app: &App, day: Date) -> Result<Timestamp> {
    start_of(app, day.checked_add(1.day()).map_err(Error::fault)?)
}

/// The beginning of today: what files and rows are dated with.
fn level(app: &App) -> Result<Timestamp> {
    start_of(app, today(app))
}

/// Sizes that lists show: the whole was padded already, and here it is rounded up once more.
fn bucket(size: u64) -> u64 {
    inside::padme(size)
}

/// 16 random bytes: an id that does not begin with the time.
fn random_id(app: &App) -> Id {
    Id(app.db.entropy().bytes())
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The condition that a viewer may know of what belongs to the intake in this column; [`store::push_known`].
pub fn push_known(statement: &mut Statement, who: &Who, intake: &'static str) {
    store::push_known(statement, who, intake);
}

/// How many sealed reports nobody has looked at yet, that this viewer may know of.
pub async fn count_new(reader: &mut Reader, app: &App, who: &Who) -> Result<i64> {
    let intakes = desk::intakes(reader, app, who).await?;
    Ok(store::count_new(reader, &intakes).await?)
}

/// Which of these sealed reports this viewer may know of.
pub async fn known(reader: &mut Reader, app: &App, who: &Who, dialogues: &[Id]) -> Result<Vec<Id>> {
    let intakes = desk::intakes(reader, app, who).await?;
    Ok(store::of_intakes(reader, &intakes, dialogues).await?)
}
