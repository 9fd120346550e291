//! What nobody outside may learn of the cases and reports that something was written from: who reported, who was hit, and
//! what only they hold. The same readings keep the parties of one case apart ([`super::apart`]); here everybody is an
//! outsider, and consent to be named to a party is none to be named to all.

use formats::label::Tlp;
use formats::observable::{Kind, Observable, distinct, extract, extract_capped};
use store::{Id, Reader};

use super::apart::{hold_domains, is_telling};
use super::leaks::{self, Finding, Held, Hidden, Weight};
use super::{before, party_store as rows};
use crate::{App, Result, constituency, reports};

/// In these roles somebody suffers from it: what they hold is theirs alone.
const HIT: [&str; 2] = ["target", "reporter"];

/// Everything that must not be said of some cases and reports.
pub struct Sources {
    hidden: Vec<Hidden>,
    held: Vec<Held>,
    free: Vec<String>,
    /// Organisations that were hit, and their part as half a sentence: addresses of theirs that no report named count, too.
    hit: Vec<(Id, String)>,
    /// What the team says of itself: its addresses and names of machines.
    own: Vec<Observable>,
    /// The labels of all that it was written from.
    pub labels: Vec<Tlp>,
}

/// Gathers it, with the organisations whose events it was written from. Whoever may not know of one of them must not ask.
pub async fn sources(reader: &mut Reader, app: &App, cases: &[Id], more: &[Id], holders: &[Id]) -> Result<Sources> {
    let team = &app.profile.team;
    let free = app.languages.offered().iter().flat_map(|tag| [team.name.text(tag).to_owned(), team.short_name.text(tag).to_owned()]);
    let own = distinct(&extract(&format!("{} {} {}", team.website, team.report_address, app.profile.web.public_url)));
    let mut sources = Sources { hidden: Vec::new(), held: Vec::new(), free: free.collect(), hit: Vec::new(), own, labels: Vec::new() };
    let mut of: Vec<Id> = more.to_vec();
    let cases = living(reader, cases).await?;
    for id in &cases {
        of.extend(rows::reports_of(reader, *id).await?);
        sources.labels.extend(before::containers_of(reader, *id).await?);
        sources.add_parties(reader, *id).await?;
    }
    of.sort();
    of.dedup();
    sources.add_reports(reader, &of).await?;
    sources.add_holders(reader, holders).await?;
    let mut seen = reports::seen(reader, &of).await?;
    for id in &cases {
        seen.extend(reports::seen_in_messages(reader, *id).await?);
    }
    for one in seen.into_iter().filter(|one| one.observable.kind != Kind::Cve) {
        let (by, weight) = match one.holder.and_then(|holder| sources.hit.iter().find(|(known, _)| *known == holder)) {
            Some((_, by)) => (by.clone(), Weight::Stop),
            None => ("was told to the team in confidence".to_owned(), Weight::Ask),
        };
        match sources.held.iter_mut().find(|known| known.observable == one.observable) {
            Some(known) if weight == Weight::Stop => *known = Held { observable: one.observable, by, weight },
            Some(_) => {}
            None => sources.held.push(Held { observable: one.observable, by, weight }),
        }
    }
    Ok(sources)
}

/// The cases themselves, and for one that was merged the one that has its parties, reports and messages now.
async fn living(reader: &mut Reader, cases: &[Id]) -> Result<Vec<Id>> {
    let mut all = Vec::new();
    for id in cases {
        all.push(super::store::load(reader, *id).await?.merged_into.unwrap_or(*id));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

impl Sources {
    async fn add_parties(&mut self, reader: &mut Reader, case: Id) -> Result<()> {
        let case = super::store::load(reader, case).await?;
        let parties = super::parties::of(reader, &case).await?;
        let ids: Vec<Id> = parties.iter().filter_map(|party| party.organisation).collect();
        let organisations = constituency::known(reader, &ids).await?;
        let contacts = constituency::contacts_of(reader, &ids).await?;
        for party in parties {
            let mut names = vec![party.name.clone(), party.phone.clone()];
            names.extend(organisations.iter().filter(|known| Some(known.id) == party.organisation).map(|known| known.name.clone()));
            let mut mails: Vec<String> = party.mail.iter().cloned().collect();
            for contact in contacts.iter().filter(|contact| party.organisation == Some(contact.organisation)) {
                names.extend([contact.name.clone(), contact.phone.clone()]);
                mails.extend(contact.mail.clone());
            }
            names.retain(|name| is_telling(name));
            hold_domains(&mut self.held, &mails, &party.name);
            self.hit
                .extend(party.organisation.filter(|_| HIT.contains(&party.role.as_str())).map(|id| (id, format!("is held by {}, who was hit", party.name))));
            let who = format!("{} ({} in {})", party.name, party.role, case.number);
            self.hidden.push(Hidden { who, alias: String::new(), names, mails, why: "nobody who takes part in a case is named in public".into() });
        }
        Ok(())
    }

    /// Whose events they are: their names and people. What they hold is asked about as of any constituent.
    async fn add_holders(&mut self, reader: &mut Reader, ids: &[Id]) -> Result<()> {
        let contacts = constituency::contacts_of(reader, ids).await?;
        for one in constituency::known(reader, ids).await? {
            let own = || contacts.iter().filter(|contact| contact.organisation == one.id);
            let mut names = vec![one.name.clone()];
            names.extend(own().flat_map(|contact| [contact.name.clone(), contact.phone.clone()]));
            names.retain(|name| is_telling(name));
            let mails = own().filter_map(|contact| contact.mail.clone()).collect();
            let who = format!("{}, whose events it was made from", one.name);
            self.hidden.push(Hidden { who, alias: String::new(), names, mails, why: "nobody is named whose events were seen".into() });
        }
        Ok(())
    }

    async fn add_reports(&mut self, reader: &mut Reader, ids: &[Id]) -> Result<()> {
        for report in reports::reported(reader, ids).await? {
            // A label that cannot be read counts as the highest.
            self.labels.push(report.label.parse().unwrap_or(Tlp::Red));
            let mails: Vec<String> = Some(report.mail).filter(|mail| !mail.is_empty()).into_iter().collect();
            let who = format!("the reporter of {}", report.number);
            hold_domains(&mut self.held, &mails, &who);
            self.hit.extend(report.organisation.map(|id| (id, format!("is held by {who}"))));
            let names = [report.name, report.org, report.phone].into_iter().filter(|name| is_telling(name)).collect();
            self.hidden.push(Hidden { who, alias: String::new(), names, mails, why: "a reporter is named to nobody".into() });
        }
        Ok(())
    }

    /// What a text would tell.
    pub async fn find(&self, reader: &mut Reader, text: &str) -> Result<Vec<Finding>> {
        let mut held = self.held.clone();
        let named = distinct(&extract_capped(text, usize::MAX).0);
        let now = reader.now();
        for found in constituency::owners(reader, &named, now).await? {
            let Some(one) = named.get(found.observable).filter(|one| !self.own.contains(one)) else { continue };
            let hit = self.hit.iter().find(|(id, _)| *id == found.organisation);
            if let Some((_, by)) = hit {
                held.retain(|known| known.observable != *one);
                held.push(Held { observable: one.clone(), by: by.clone(), weight: Weight::Stop });
            } else if !held.iter().any(|known| known.observable == *one) {
                // Events speak of nothing else than what constituents hold: whose it is was learnt from them as likely as elsewhere.
                held.push(Held { observable: one.clone(), by: format!("is held by {}, of the constituency", found.name), weight: Weight::Ask });
            }
        }
        Ok(leaks::find(text, &self.hidden, &held, &self.free))
    }
}
