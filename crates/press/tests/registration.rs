//! Laws of who comes: the places, the list, and what those who come have to know.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a law that cannot be tried should stop")]

use jiff::Timestamp;
use press::{Admission, Content, Kind, Meeting, News, Places, Seat, Words};
use proptest::prelude::*;

/// Somebody's registration: how it stands, and the place in the list since it was confirmed.
#[derive(Clone, Copy, Debug)]
struct One {
    seat: Seat,
    turn: u32,
    came_at: u32,
}

/// A list as the program keeps it: it joins its end, then lets move up who has a place by the rule.
#[derive(Clone, Debug, Default)]
struct Roll {
    all: Option<u32>,
    people: Vec<One>,
    turns: u32,
    /// In which order people got their places.
    seated: u32,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Ask,
    Confirm(usize),
    Cancel(usize),
    Places(Option<u32>),
}

impl Roll {
    fn count(&self, seat: Seat) -> u32 {
        u32::try_from(self.people.iter().filter(|one| one.seat == seat).count()).expect("few")
    }

    fn places(&self) -> Places {
        Places { all: self.all, coming: self.count(Seat::Coming), waiting: self.count(Seat::Waiting) }
    }

    fn take(&mut self, step: Step) {
        let one = |people: &Vec<One>, at: usize| Some(at).filter(|_| !people.is_empty()).map(|at| at % people.len());
        match step {
            Step::Ask => self.people.push(One { seat: Seat::Asked, turn: 0, came_at: 0 }),
            Step::Confirm(at) => {
                if let Some(at) = one(&self.people, at).filter(|at| !self.people[*at].seat.is_in()) {
                    self.turns += 1;
                    self.people[at] = One { seat: Seat::Waiting, turn: self.turns, came_at: 0 };
                }
            }
            Step::Cancel(at) => {
                if let Some(at) = one(&self.people, at) {
                    self.people[at].seat = Seat::Cancelled;
                }
            }
            Step::Places(all) => self.all = all,
        }
        for _ in 0..self.places().moves_up() {
            let next = self.people.iter_mut().filter(|one| one.seat == Seat::Waiting).min_by_key(|one| one.turn).expect("somebody waits");
            self.seated += 1;
            (next.seat, next.came_at) = (Seat::Coming, self.seated);
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Ask),
        4 => (0..40_usize).prop_map(Step::Confirm),
        2 => (0..40_usize).prop_map(Step::Cancel),
        1 => proptest::option::of(0..8_u32).prop_map(Step::Places),
    ]
}

proptest! {
    #[test]
    fn places_are_kept_the_list_is_kept_and_nobody_is_lost(all in proptest::option::of(0..6_u32), steps in proptest::collection::vec(step(), 0..120)) {
        let mut roll = Roll { all, ..Roll::default() };
        for step in steps {
            let before = roll.clone();
            roll.take(step);
            let places = roll.places();
            // No more come than there are places, but for those who had one before there were fewer.
            prop_assert!(places.all.is_none_or(|all| places.coming <= all.max(before.places().coming)), "{step:?} {places:?}");
            // Nobody waits beside a free place, and what the page says of the next one is what happens to them.
            prop_assert!(places.waiting == 0 || places.left() == Some(0));
            let mut next = roll.clone();
            next.take(Step::Ask);
            next.take(Step::Confirm(next.people.len() - 1));
            prop_assert_eq!(next.people.last().map(|one| one.seat), Some(if places.is_full() { Seat::Waiting } else { Seat::Coming }));
            // Whoever waits confirmed after everybody who came from the list.
            for waiting in roll.people.iter().filter(|one| one.seat == Seat::Waiting) {
                prop_assert!(roll.people.iter().filter(|one| one.seat == Seat::Coming && one.turn > waiting.turn).all(|one| before.people.iter().any(|was| was.turn == one.turn && was.seat == Seat::Coming)));
            }
            // Places are given in the order of the list.
            let mut came: Vec<&One> = roll.people.iter().filter(|one| one.seat == Seat::Coming).collect();
            came.sort_by_key(|one| one.came_at);
            prop_assert!(came.is_sorted_by_key(|one| one.turn));
            // Nobody is lost, and nobody who had a place loses it but by cancelling.
            prop_assert!(roll.people.len() >= before.people.len());
            for (was, is) in before.people.iter().zip(&roll.people) {
                let kept = match was.seat {
                    Seat::Coming => matches!(is.seat, Seat::Coming) || (is.seat == Seat::Cancelled && matches!(step, Step::Cancel(_))),
                    Seat::Waiting => is.seat.is_in() || (is.seat == Seat::Cancelled && matches!(step, Step::Cancel(_))),
                    Seat::Asked | Seat::Cancelled => true,
                };
                prop_assert!(kept, "{was:?} {is:?} by {step:?}");
            }
        }
    }
}

fn meeting() -> Meeting {
    let at = |text: &str| text.parse().expect("a time");
    Meeting {
        starts: at("2026-12-03T09:00"),
        ends: at("2026-12-03T16:30"),
        zone: "Africa/Maseru".into(),
        online: false,
        registers: true,
        places: Some(2),
        closes: Some(at("2026-12-01T12:00")),
        cancelled: false,
    }
}

#[test]
fn a_meeting_takes_registrations_until_it_says_so() {
    let now = |text: &str| text.parse::<Timestamp>().expect("an instant");
    let of = |at: &str| meeting().admission(true, now(at));
    assert_eq!(of("2026-12-01T11:59:59+02:00"), Admission::Open);
    assert_eq!(of("2026-12-01T12:00:00+02:00"), Admission::Closed);
    assert_eq!(of("2026-12-03T09:00:00+02:00"), Admission::Begun);
    assert_eq!(of("2026-12-03T16:30:00+02:00"), Admission::Over);
    let early = now("2026-11-01T09:00:00+02:00");
    assert_eq!(meeting().admission(false, early), Admission::Off);
    assert_eq!(Meeting { cancelled: true, ..meeting() }.admission(true, early), Admission::Off);
    assert_eq!(Meeting { registers: false, ..meeting() }.admission(true, early), Admission::None);
    assert_eq!(Meeting { closes: None, ..meeting() }.admission(true, now("2026-12-03T08:59:59+02:00")), Admission::Open);
    for places in [0, 10_001] {
        let content = Content { kind: Kind::Calendar, meeting: Some(Meeting { places: Some(places), ..meeting() }), ..Content::default() };
        assert_eq!(content.refused(&[]).into_iter().map(|one| one.field).collect::<Vec<_>>(), ["places"]);
    }
}

#[test]
fn who_comes_is_told_of_another_time_or_place_and_of_nothing_else() {
    let words = |title: &str, place: &str| Words { title: title.into(), place: place.into(), ..Words::default() };
    let mut was = Content { kind: Kind::Calendar, meeting: Some(meeting()), ..Content::new(Kind::Calendar, "en", formats::label::Tlp::Clear) };
    was.words.insert("en".into(), words("Training", "Room 2"));
    let told = |is: &Content, holds: bool, language: &str| press::registration::news((&was, true), (is, holds), language);
    let with = |change: &dyn Fn(&mut Content)| {
        let mut is = was.clone();
        change(&mut is);
        is
    };
    let meet = |change: fn(&mut Meeting)| with(&|is: &mut Content| is.meeting.iter_mut().for_each(change));
    assert_eq!(told(&was, true, "en"), None);
    assert_eq!(told(&was, false, "en"), Some(News::Off));
    assert_eq!(told(&meet(|one| one.cancelled = true), true, "en"), Some(News::Off));
    assert_eq!(told(&meet(|one| one.places = Some(9)), true, "en"), None);
    assert_eq!(told(&meet(|one| one.online = true), true, "en"), Some(News::Moved));
    // The same instant, said in another zone.
    let elsewhere = meet(|one| {
        one.zone = "UTC".into();
        one.starts = "2026-12-03T07:00".parse().expect("a time");
        one.ends = "2026-12-03T14:30".parse().expect("a time");
    });
    assert_eq!(told(&elsewhere, true, "en"), None);
    let translated = with(&|is: &mut Content| drop(is.words.insert("es".into(), words("Taller", "Sala 2"))));
    assert_eq!(told(&translated, true, "es"), None);
    let moved = with(&|is: &mut Content| drop(is.words.insert("en".into(), words("Training", "Room 3"))));
    // The Spanish words may not have followed: whoever reads them has to know all the same.
    assert_eq!((told(&moved, true, "en"), told(&moved, true, "es")), (Some(News::Moved), Some(News::Moved)));
    assert_eq!(told(&with(&|is: &mut Content| drop(is.words.insert("en".into(), words("A training", "Room 2")))), true, "en"), None);
    let off = meet(|one| one.cancelled = true);
    assert_eq!(press::registration::news((&off, true), (&was, true), "en"), Some(News::On));
    assert_eq!(press::registration::news((&off, true), (&off, false), "en"), None);
}
