//! Keeps one party of a case apart from the others: everything that it may not learn of them, gathered
//! from the case's parties, contacts, reports and messages, and held against a text.

use std::collections::HashSet;

use formats::observable::{Kind, Observable, distinct, extract};
use store::{Id, Reader};

use super::leaks::{self, Finding, Held, Hidden, Weight};
use super::messages::Message;
use super::parties::{self, Party};
use super::{Case, message_store, party_store as rows};
use crate::{App, Result, constituency, release, reports};

/// Everything that one party may not learn of the others.
pub(super) struct Apart {
    hidden: Vec<Hidden>,
    held: Vec<Held>,
    /// Words that betray nobody: the recipient's own, the team's, aliases.
    free: Vec<String>,
    /// What the recipient knows already.
    own: HashSet<Observable>,
    organisation: Option<Id>,
    /// Other organisations whose networks may not be told: id and half a sentence.
    others: Vec<(Id, String)>,
    /// Those of the held that were seen in the case, not only guessed from a mail address.
    addresses: Vec<Observable>,
}

impl Apart {
    pub(super) async fn of(reader: &mut Reader, app: &App, case: &Case, me: &Party) -> Result<Self> {
        let now = reader.now();
        let all = parties::of(reader, case).await?;
        let same = |one: &Party| one.id == me.id || (one.organisation.is_some() && one.organisation == me.organisation);
        let open = |one: &Party| one.consents(now) && me.consents(now);
        let others: Vec<&Party> = all.iter().filter(|one| !same(one) && !open(one)).collect();
        let ids: Vec<Id> = others.iter().filter_map(|one| one.organisation).chain(me.organisation).collect();
        let organisations = constituency::known(reader, &ids).await?;
        let contacts = constituency::contacts_of(reader, &ids).await?;
        let why = |one: &Party| match (one.consent_until, one.consents(now)) {
            (_, true) => format!("identities pass only when both agreed, and {} has not", me.name),
            (Some(_), false) => "the consent to name it has ended".to_owned(),
            (None, false) => "it has not agreed to be named".to_owned(),
        };
        let mut hidden = Vec::new();
        let mut held: Vec<Held> = Vec::new();
        let mut banned: Vec<(Id, String)> = Vec::new();
        for one in &others {
            let organisation = organisations.iter().find(|known| Some(known.id) == one.organisation);
            let theirs = contacts.iter().filter(|contact| one.organisation == Some(contact.organisation));
            let mut names = vec![one.name.clone()];
            names.extend(organisation.map(|known| known.name.clone()));
            names.extend(Some(one.phone.clone()).filter(|phone| is_telling(phone)));
            let mut mails: Vec<String> = one.mail.iter().cloned().collect();
            for contact in theirs {
                names.extend([contact.name.clone(), contact.phone.clone()].into_iter().filter(|name| is_telling(name)));
                mails.extend(contact.mail.clone());
            }
            hold_domains(&mut held, &mails, &one.name);
            hidden.push(Hidden { who: format!("{} ({})", one.name, one.role), alias: one.alias.clone(), names, mails, why: why(one) });
            banned.extend(one.organisation.map(|id| (id, format!("is held by {}: {}", one.name, why(one)))));
        }
        let reports_of = rows::reports_of(reader, case.id).await?;
        // What was put into a thread came from there, as whoever put it there says, once the gate let it out to it.
        let placed = message_store::placed_in(reader, case.id).await?;
        let mut keys: Vec<String> = placed.iter().map(|(_, party, _)| parties::key_of(*party)).collect();
        keys.push(me.key());
        let mut told = release::told_to_each(reader, &app.profile, &keys).await?;
        let shown = |party: Id, message: Id| told.get(&parties::key_of(party)).is_some_and(|told| told.has(message));
        let came = |report: Id, party: &Party| {
            party.report == Some(report) || placed.iter().any(|(known, thread, message)| *known == report && *thread == party.id && shown(*thread, *message))
        };
        let mut sources = reports_of.clone();
        sources.extend(placed.iter().map(|(report, ..)| *report).filter(|report| !reports_of.contains(report)));
        for report in reports::reported(reader, &sources).await? {
            let mine = all.iter().any(|one| same(one) && came(report.id, one))
                || (!report.mail.is_empty() && me.mail.as_deref().is_some_and(|mail| mail.eq_ignore_ascii_case(&report.mail)))
                || (report.organisation.is_some() && report.organisation == me.organisation);
            let agreed = all
                .iter()
                .any(|party| open(party) && (came(report.id, party) || (!report.mail.is_empty() && party.mail.as_deref() == Some(report.mail.as_str()))));
            if mine || agreed || [&report.name, &report.mail, &report.org, &report.phone].iter().all(|text| text.is_empty()) {
                continue;
            }
            let mails = vec![report.mail.clone()].into_iter().filter(|mail| !mail.is_empty()).collect::<Vec<_>>();
            hold_domains(&mut held, &mails, &format!("the reporter of {}", report.number));
            let names: Vec<String> = [report.name, report.org, report.phone].into_iter().filter(|name| is_telling(name)).collect();
            // Who takes part is one person, whatever it calls itself in its report.
            if let Some(party) = others.iter().position(|one| one.report == Some(report.id))
                && let Some(known) = hidden.get_mut(party)
            {
                known.names.extend(names);
                known.mails.extend(mails);
                continue;
            }
            let who = format!("the reporter of {}", report.number);
            hidden.push(Hidden { who, alias: String::new(), names, mails, why: "a reporter is named to nobody without consent".into() });
        }
        let (own, seen) = Self::observables(reader, case, me, &told.remove(&me.key()).unwrap_or_default(), &reports_of).await?;
        let mut addresses: Vec<Observable> = Vec::new();
        for one in &seen {
            let shared = own.contains(&one.observable) || held.iter().any(|known| known.observable == one.observable);
            let agreed = one.holder.is_some_and(|id| all.iter().any(|party| party.organisation == Some(id) && open(party)));
            if shared || agreed {
                continue;
            }
            let by = one
                .holder
                .and_then(|id| banned.iter().find(|(known, _)| *known == id))
                .map_or_else(|| "is known from others, not from this party".to_owned(), |(_, by)| by.clone());
            addresses.push(one.observable.clone());
            held.push(Held { observable: one.observable.clone(), by, weight: Weight::Ask });
        }
        held.retain(|one| !own.contains(&one.observable));
        let language = app.languages.text(&me.language);
        let team = &app.profile.team;
        let mut free = vec![
            me.name.clone(),
            me.phone.clone(),
            team.phone.clone().unwrap_or_default(),
            team.name.text(language.shown()).to_owned(),
            team.short_name.text(language.shown()).to_owned(),
        ];
        free.extend(organisations.iter().filter(|known| Some(known.id) == me.organisation).map(|known| known.name.clone()));
        free.extend(all.iter().map(|one| one.alias.clone()));
        Ok(Self { hidden, held, free, own, organisation: me.organisation, others: banned, addresses })
    }

    /// What the recipient knows already, and all that the case's reports and messages name.
    async fn observables(
        reader: &mut Reader,
        case: &Case,
        me: &Party,
        told: &release::Told,
        reports_of: &[Id],
    ) -> Result<(HashSet<Observable>, Vec<reports::Seen>)> {
        let mut seen = reports::seen(reader, reports_of).await?;
        seen.extend(reports::seen_in_messages(reader, case.id).await?);
        let theirs = |one: &&reports::Seen| (me.report == Some(one.about) && !one.doubted) || (me.organisation.is_some() && one.holder == me.organisation);
        let mut own: HashSet<Observable> = seen.iter().filter(theirs).map(|one| one.observable.clone()).collect();
        // What was put into its thread counts once it was let out to it: else it would let out what the gate held back.
        let knows = |message: &&Message| !message.ours() && message.is_known(told);
        for message in message_store::of_party(reader, me.id).await?.iter().filter(knows) {
            own.extend(distinct(&extract(&message.body)));
        }
        Ok((own, seen))
    }

    /// What the text would tell.
    pub(super) async fn find(&self, reader: &mut Reader, text: &str) -> Result<Vec<Finding>> {
        let mut held = self.held.clone();
        // Networks of others that no report has named yet.
        let named: Vec<Observable> = distinct(&extract(text)).into_iter().filter(|one| !self.own.contains(one)).collect();
        let now = reader.now();
        let matches = constituency::owners(reader, &named, now).await?;
        for (at, one) in named.iter().enumerate() {
            let holders: Vec<Id> = matches.iter().filter(|found| found.observable == at).map(|found| found.organisation).collect();
            if self.organisation.is_some_and(|mine| holders.contains(&mine)) {
                held.retain(|known| known.observable != *one);
                continue;
            }
            if let Some((_, by)) = self.others.iter().find(|(id, _)| holders.contains(id)) {
                held.push(Held { observable: one.clone(), by: by.clone(), weight: Weight::Ask });
            }
        }
        Ok(leaks::find(text, &self.hidden, &held, &self.free))
    }

    /// What is held back, for the page. `told` is let out for a reason: values, and whom names betray.
    pub(super) fn lines(&self, told: &HashSet<&str>) -> Vec<String> {
        let mut lines = Vec::new();
        let kept = self.addresses.iter().filter(|one| !told.contains(one.value.as_str())).count();
        if kept > 0 {
            lines.push(format!("Held back: {} of others.", count(kept, "address or other observable", "addresses and other observables")));
        }
        let hidden: Vec<&Hidden> = self.hidden.iter().filter(|one| !told.contains(one.who.as_str())).collect();
        match hidden.as_slice() {
            [] => {}
            [one] => lines.push(format!("Held back: who {} is ({}).", one.who, one.why)),
            [one, two] => lines.push(format!("Held back: who {} and {} are.", one.who, two.who)),
            many => lines.push(format!("Held back: who {} others are.", many.len())),
        }
        lines
    }
}

/// Whether a name or number is long enough to be told apart from any word.
pub(super) fn is_telling(name: &str) -> bool {
    name.trim().chars().count() > 2
}

/// The domains of mail addresses say as much as a name.
pub(super) fn hold_domains(held: &mut Vec<Held>, mails: &[String], name: &str) {
    for domain in mails.iter().filter_map(|mail| mail.rsplit_once('@').map(|(_, domain)| domain)) {
        if let Ok(observable) = Observable::new(Kind::Domain, domain)
            && held.iter().all(|one| one.observable != observable)
        {
            held.push(Held { observable, by: format!("is the mail domain of {name}"), weight: Weight::Ask });
        }
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
