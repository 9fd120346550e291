//! What a newer version of somebody else's document changes of what was made of the one before. What is as it was taken
//! over follows; what somebody here wrote stays as they wrote it, and is named where the other changed it, too.

use std::collections::HashMap;

use csaf::advisory::{Epss, Kev, Vulnerability};

use crate::content::Content;

/// Ours, with all that it took over from `before` as `now` has it; and what stayed ours although theirs changed.
pub fn follow(before: &Content, now: &Content, ours: &Content) -> (Content, Vec<String>) {
    let mut out = ours.clone();
    let mut kept = Vec::new();
    let (was, is) = (before.own(), now.own());
    let words = out.words.entry(ours.original.clone()).or_default();
    for (name, was, is, here) in [
        ("title", &was.title, &is.title, &mut words.title),
        ("summary", &was.summary, &is.summary, &mut words.summary),
        ("who is affected", &was.affected, &is.affected, &mut words.affected),
        ("what to do", &was.act, &is.act, &mut words.act),
        ("text", &was.body, &is.body, &mut words.body),
    ] {
        one(name, was, is, here, &mut kept);
    }
    one("severity", &before.severity, &now.severity, &mut out.severity, &mut kept);
    out.keys = list("about", [&before.keys, &now.keys, &ours.keys], ToString::to_string, &mut kept);
    out.references = list("reference", [&before.references, &now.references, &ours.references], |one| one.url.clone(), &mut kept);
    out.credits = list("thanks to", [&before.credits, &now.credits, &ours.credits], Clone::clone, &mut kept);
    out.products = list("product", [&before.products, &now.products, &ours.products], |one| one.id.clone(), &mut kept);
    out.vulnerabilities = vulnerabilities([&before.vulnerabilities, &now.vulnerabilities, &ours.vulnerabilities], &mut kept);
    // What stayed ours may speak of products that are theirs no more.
    out.prune();
    // Theirs may be less than it was: ours goes no lower by itself.
    out.label = ours.label.max(now.label);
    out.origin.clone_from(&now.origin);
    (out, kept)
}

fn one<T: PartialEq + Clone>(name: &str, was: &T, is: &T, ours: &mut T, kept: &mut Vec<String>) {
    if ours == was {
        ours.clone_from(is);
    } else if was != is && ours != is {
        kept.push(name.to_owned());
    }
}

/// A list whose items are told apart by their names, in the order that ours has; what is new stands at its end.
fn list<T: PartialEq + Clone>(what: &str, [was, is, ours]: [&[T]; 3], name: impl Fn(&T) -> String, kept: &mut Vec<String>) -> Vec<T> {
    let named = |all: &[T]| -> HashMap<String, T> { all.iter().map(|one| (name(one), one.clone())).collect() };
    let (was, mut theirs) = (named(was), named(is));
    let mut out = Vec::new();
    for one in ours {
        let called = name(one);
        match (was.get(&called), theirs.remove(&called)) {
            (Some(was), Some(is)) if was == one => out.push(is),
            (Some(was), None) if was == one => {}
            (None, None) => out.push(one.clone()),
            (was, is) => {
                if was != is.as_ref() && is.as_ref() != Some(one) {
                    kept.push(format!("{what} {called}"));
                }
                out.push(one.clone());
            }
        }
    }
    for one in is {
        // What was taken out here stays out, as long as it is what it was.
        let called = name(one);
        if let Some(one) = theirs.remove(&called) {
            match was.get(&called) {
                Some(was) if *was == one => {}
                Some(_) => kept.push(format!("{what} {called}, which was taken out here")),
                None => out.push(one),
            }
        }
    }
    out
}

/// Vulnerabilities by their CVE id or title. What our own lists say of them (exploited, how likely) is ours.
fn vulnerabilities([was, is, ours]: [&[Vulnerability]; 3], kept: &mut Vec<String>) -> Vec<Vulnerability> {
    let name = |one: &Vulnerability| one.cve.clone().or_else(|| one.title.clone()).or_else(|| one.ids.first().map(|id| id.text.clone())).unwrap_or_default();
    let known: HashMap<String, (Option<Epss>, Option<Kev>)> = ours.iter().map(|one| (name(one), (one.epss.clone(), one.kev.clone()))).collect();
    let plain = |all: &[Vulnerability]| -> Vec<Vulnerability> { all.iter().map(|one| Vulnerability { epss: None, kev: None, ..one.clone() }).collect() };
    let mut out = list("vulnerability", [&plain(was), &plain(is), &plain(ours)], name, kept);
    for one in &mut out {
        if let Some((epss, kev)) = known.get(&name(one)) {
            (one.epss, one.kev) = (epss.clone(), kev.clone());
        }
    }
    out
}
