//! Who comes to something that takes place: what a meeting takes of registrations at an instant, who has a place, and what
//! those who come have to know of a newer version.

use jiff::Timestamp;

use crate::content::{Content, Meeting};

/// What a meeting takes of registrations now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Admission {
    /// Nobody registers for it.
    #[default]
    None,
    /// Whoever wants to come says so.
    Open,
    /// The time to say so is over.
    Closed,
    /// It has begun.
    Begun,
    /// It is over.
    Over,
    /// It does not take place.
    Off,
}

impl Admission {
    /// The name in texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Begun => "begun",
            Self::Over => "over",
            Self::Off => "off",
        }
    }

    /// Whether it is still to come: places that become free then go to those who wait.
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::None | Self::Open | Self::Closed)
    }
}

impl Meeting {
    /// What it takes at an instant. `holds`: what says so was neither withdrawn nor superseded.
    pub fn admission(&self, holds: bool, now: Timestamp) -> Admission {
        let Some((starts, ends)) = self.instants() else { return Admission::Off };
        if self.cancelled || !holds {
            Admission::Off
        } else if now >= ends {
            Admission::Over
        } else if now >= starts {
            Admission::Begun
        } else if !self.registers {
            Admission::None
        } else if self.closing().is_some_and(|closes| now >= closes) {
            Admission::Closed
        } else {
            Admission::Open
        }
    }

    /// Until when one can register: the time that is said, else the beginning.
    pub fn closing(&self) -> Option<Timestamp> {
        self.zoned(self.closes.unwrap_or(self.starts)).map(|zoned| zoned.timestamp())
    }
}

/// How somebody's registration stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// Asked for, and not yet confirmed by whoever reads that mailbox: it takes no place.
    #[default]
    Asked,
    /// Has a place.
    Coming,
    /// Gets a place as soon as one is free, in the order of the list.
    Waiting,
    /// Does not come.
    Cancelled,
}

impl Seat {
    /// All of them, in the order in which a list shows them.
    pub const ALL: [Self; 4] = [Self::Coming, Self::Waiting, Self::Asked, Self::Cancelled];

    /// The name in the database, in addresses and in texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Coming => "coming",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
        }
    }

    /// The seat of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seat| seat.name() == name)
    }

    /// Whether its holder is on the list of those who come or wait.
    pub fn is_in(self) -> bool {
        matches!(self, Self::Coming | Self::Waiting)
    }
}

/// The places of a meeting, and how many have one or wait for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// How many there are; `None` for as many as want to come.
    pub all: Option<u32>,
    /// So many have one. More than there are, if there were more once: nobody loses a place.
    pub coming: u32,
    /// So many wait.
    pub waiting: u32,
}

impl Places {
    /// How many nobody has; `None` where there is no limit.
    pub fn left(&self) -> Option<u32> {
        self.all.map(|all| all.saturating_sub(self.coming))
    }

    /// Whether whoever registers now waits: who waits already is before them.
    pub fn is_full(&self) -> bool {
        self.left().is_some_and(|left| left <= self.waiting)
    }

    /// How many of those who wait have a place now: the first of the list. Whoever confirms joins the end of the list and has a
    /// place by this same rule, so that nobody comes past who waits.
    pub fn moves_up(&self) -> u32 {
        self.left().map_or(self.waiting, |left| left.min(self.waiting))
    }
}

/// What those who come have to know of a newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It does not take place.
    Off,
    /// It takes place after all.
    On,
    /// At another time or place.
    Moved,
}

/// What is new for somebody who was told the one version and reads this language; `None` if it is the same for them. Each with
/// whether it holds.
pub fn news((was, held): (&Content, bool), (is, holds): (&Content, bool), language: &str) -> Option<News> {
    let on = |content: &Content, holds: bool| holds && content.meeting.as_ref().is_some_and(|meeting| !meeting.cancelled);
    match (on(was, held), on(is, holds)) {
        (true, false) => Some(News::Off),
        (false, true) => Some(News::On),
        (true, true) if when(was) != when(is) || elsewhere(was, is, language) => Some(News::Moved),
        _ => None,
    }
}

/// The instants and not the clock's hands: another way to write the same time moves nobody.
fn when(content: &Content) -> Option<(Option<(Timestamp, Timestamp)>, bool)> {
    content.meeting.as_ref().map(|meeting| (meeting.instants(), meeting.online))
}

/// Whether the place is another in the original, which translations may not have followed yet, or in the reader's language where
/// both versions have it: that a place was translated moves nobody.
fn elsewhere(was: &Content, is: &Content, language: &str) -> bool {
    let place = |content: &Content| content.words.get(language).filter(|words| !words.title.is_empty()).map(|words| words.place.trim().to_owned());
    let translated = place(was).zip(place(is)).is_some_and(|(was, is)| was != is);
    was.own().place.trim() != is.own().place.trim() || translated
}
