//! Which party a mail is from: what the mailbox asks before it puts an answer into a thread.

use ::store::{Id, Reader, args};

use crate::Result;

/// The party of this id and the address that we know it by, if there is such a party.
pub async fn party_of_thread(reader: &mut Reader, thread: Id) -> Result<Option<(Id, String)>> {
    let found: Option<(Id, Option<String>)> = reader.row("select id, mail from parties where id = $1", args![thread]).await?;
    Ok(found.map(|(id, mail)| (id, mail.unwrap_or_default())))
}

/// The party that writes from this address in the case of this number. A subject's tag proves nothing; being known to the case does.
pub async fn party_of_tag(reader: &mut Reader, number: &str, mail: &str) -> Result<Option<Id>> {
    // The number on an old mail may be that of a case that was merged into another.
    let text = "select p.id from cases c join parties p on p.case_id = coalesce(c.merged_into, c.id) where c.number = $1 and lower(p.mail) = lower($2) \
         order by p.added_at limit 1";
    Ok(reader.value(text, args![number, mail]).await?)
}

/// The party as which the reporter of a report stands in its case: where work goes on, if it does anywhere,
/// and then in the newest.
pub async fn party_of_report(reader: &mut Reader, report: Id) -> Result<Option<(Id, String)>> {
    let text = "select p.id, p.mail from parties p join cases c on c.id = p.case_id where p.report_id = $1 \
         order by case when c.state = 'open' then 0 else 1 end, p.added_at desc, p.id limit 1";
    let found: Option<(Id, Option<String>)> = reader.row(text, args![report]).await?;
    Ok(found.map(|(id, mail)| (id, mail.unwrap_or_default())))
}
