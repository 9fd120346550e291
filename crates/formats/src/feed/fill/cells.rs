//! Cells: what each field makes of the text of its column.

use super::super::mapping::{Field, Reader};
use super::super::normal::time::{EARLIEST, Form};
use super::super::normal::{address, name, text, time, url, value};
use super::super::plan::Step;
use super::super::rejected::Reason;
use super::super::row::{Row, flag};
use super::{Scratch, Took};
use crate::label::Tlp;
use std::net::IpAddr;

/// Words with which feeds say that they have nothing to say.
pub(super) fn is_nothing(cell: &str) -> bool {
    matches!(cell, "0" | "-") || ["unknown", "none", "null", "n/a"].iter().any(|word| word.eq_ignore_ascii_case(cell))
}

pub(super) fn take(step: &Step, cell: &str, zone: &time::Zone, scratch: &mut Scratch, row: &mut Row) -> Took {
    let stands_in = step.fallback && scratch.has(step.field);
    match take_first(step, cell, zone, scratch, row) {
        // What stands in for nothing need not even be readable.
        Took::Unread | Took::Refuse(_) if stands_in => Took::No,
        took => took,
    }
}

fn take_first(step: &Step, cell: &str, zone: &time::Zone, scratch: &mut Scratch, row: &mut Row) -> Took {
    match step.field {
        Field::Observed | Field::Ended => take_time(step, cell, zone, scratch, row),
        Field::Ip | Field::PeerIp => match address::network(cell) {
            Some(network) => take_network(step.field, network, scratch, row),
            None if step.field == Field::Ip => Took::Refuse(Reason::Address),
            None => Took::Unread,
        },
        Field::Host | Field::PeerHost => take_host(step.field, cell, scratch, row),
        Field::Domain | Field::PeerDomain => {
            let cell = if step.reader == Reader::Mail { cell.rsplit_once('@').map_or(cell, |(_, host)| host.trim_end_matches('>')) } else { cell };
            take_domain(step.field, cell, scratch, row)
        }
        Field::Url => take_url(step, cell, scratch, row),
        Field::Port => value::port(cell).map_or(Took::Refuse(Reason::Port), |port| take_number(step.field, port, &mut row.port, scratch)),
        Field::PeerPort => number(step.field, value::port(cell), &mut row.peer_port, scratch),
        Field::Asn => number(step.field, value::asn(cell), &mut row.asn, scratch),
        Field::PeerAsn => number(step.field, value::asn(cell), &mut row.peer_asn, scratch),
        Field::Severity => number(step.field, value::severity(cell), &mut row.severity, scratch),
        Field::Confidence => number(step.field, value::confidence(cell), &mut row.confidence, scratch),
        Field::Count => number(step.field, value::number(cell).map(|count| i32::try_from(count).unwrap_or(i32::MAX).max(1)), &mut row.count, scratch),
        Field::Transport => take_transport(cell, scratch, row),
        Field::Country => word(step.field, cell, value::country, &mut row.country, scratch),
        Field::PeerCountry => word(step.field, cell, value::country, &mut row.peer_country, scratch),
        Field::Hash => word(step.field, cell, value::hash, &mut row.hash, scratch),
        Field::Reverse => word(step.field, cell, name::name, &mut row.reverse, scratch),
        Field::Cve => {
            if value::cves(cell, &mut row.cve) {
                Took::Yes
            } else {
                Took::No
            }
        }
        Field::Type => take_type(cell, scratch, row),
        Field::Tlp => take_tlp(cell, scratch, row),
        Field::Application | Field::Identifier | Field::Malware | Field::Product => take_text(step, cell, scratch, row),
        Field::Extra | Field::Drop => Took::No,
    }
}

fn take_time(step: &Step, cell: &str, zone: &time::Zone, scratch: &mut Scratch, row: &mut Row) -> Took {
    let form = if let Reader::Time(form) = &step.reader { form } else { &Form::Written };
    let read = time::read(cell, form, zone);
    let observed = step.field == Field::Observed;
    let Some((at, naive)) = read else { return if observed { Took::Refuse(Reason::Time) } else { Took::Unread } };
    if !observed && at < EARLIEST {
        return Took::Unread;
    }
    let place = if observed { &mut row.observed } else { &mut row.ended };
    if !scratch.fill(step.field) {
        return if *place == at { Took::Yes } else { Took::No };
    }
    *place = at;
    if naive && observed {
        row.flags |= flag::NAIVE_TIME;
    }
    Took::Yes
}

fn take_network(field: Field, network: address::Network, scratch: &mut Scratch, row: &mut Row) -> Took {
    let peer = matches!(field, Field::PeerIp | Field::PeerHost);
    if network.ip == Row::NO_IP {
        return Took::Yes;
    }
    if peer {
        // A peer is one address; a network of peers is kept as it was written.
        return if network.prefix < 0 { take_number(Field::PeerIp, network.ip, &mut row.peer_ip, scratch) } else { Took::No };
    }
    let took = take_number(Field::Ip, network.ip, &mut row.ip, scratch);
    if matches!(took, Took::Yes) {
        row.prefix = network.prefix;
    }
    took
}

/// The value tells what it is: a URL, an address, a network, an address with a port, or a name.
fn take_host(field: Field, cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    if field == Field::Host && cell.contains("://") {
        let step = Step { column: 0, field: Field::Url, reader: Reader::Plain, fallback: false, last: false, translated: false };
        return if matches!(take_url(&step, cell, scratch, row), Took::Yes) { Took::Yes } else { Took::Refuse(Reason::Host) };
    }
    if let Some(network) = address::network(cell) {
        return take_network(field, network, scratch, row);
    }
    let split = cell
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host), value::port(port)?)));
    if let Some((host, port)) = split
        && let Some(network) = address::network(host).filter(|network| network.prefix < 0)
    {
        let (place, of) = if field == Field::Host { (&mut row.port, Field::Port) } else { (&mut row.peer_port, Field::PeerPort) };
        if !scratch.has(of) {
            *place = port;
        }
        return take_network(field, network, scratch, row);
    }
    let domain = if field == Field::Host { Field::Domain } else { Field::PeerDomain };
    match take_domain(domain, cell, scratch, row) {
        Took::Unread if field == Field::Host => Took::Refuse(Reason::Host),
        took => took,
    }
}

fn take_domain(field: Field, cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    scratch.text.clear();
    if !name::name(cell, &mut scratch.text) || !name::is_public(&scratch.text) {
        // An address in a column of names is an address.
        let ip = if field == Field::Domain { Field::Ip } else { Field::PeerIp };
        return address::network(cell).map_or(Took::Unread, |network| take_network(ip, network, scratch, row));
    }
    let place = if field == Field::Domain { &mut row.domain } else { &mut row.peer_domain };
    if !scratch.fill(field) {
        return if *place == scratch.text { Took::Yes } else { Took::No };
    }
    place.clear();
    place.push_str(&scratch.text);
    Took::Yes
}

fn take_url(step: &Step, cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    if step.reader == Reader::Mail {
        return word(Field::Url, cell, url::mailbox, &mut row.url, scratch);
    }
    if cell.starts_with('/') && scratch.path.is_empty() && !scratch.has(Field::Url) {
        scratch.path.push_str(cell);
        scratch.path_column = step.column;
        return Took::Yes;
    }
    let cell = if cell.len() > text::MAX_TEXT { cell.get(..cell.floor_char_boundary(text::MAX_TEXT)).unwrap_or_default() } else { cell };
    let mut whole = String::new();
    let bare = step.reader == Reader::Bare && !cell.contains("://");
    let cell_or_whole = if bare {
        whole.push_str("http://");
        whole.push_str(cell);
        whole.as_str()
    } else {
        cell
    };
    scratch.text.clear();
    let Some(host) = url::url(cell_or_whole, &mut scratch.text) else { return Took::Unread };
    if !scratch.fill(Field::Url) {
        return if row.url == scratch.text { Took::Yes } else { Took::No };
    }
    row.url.clear();
    row.url.push_str(&scratch.text);
    if cell.len() == text::MAX_TEXT {
        row.flags |= flag::CUT;
    }
    learn_host(&host, scratch, row);
    Took::Yes
}

/// What a URL says of its host, where no column says it.
fn learn_host(host: &url::Host, scratch: &mut Scratch, row: &mut Row) {
    match host.ip {
        Some(ip) if row.ip == Row::NO_IP && !scratch.has(Field::Ip) => row.ip = ip,
        Some(_) => (),
        None => {
            let name = row.url.get(host.at.clone()).unwrap_or_default();
            if row.domain.is_empty() && name::is_public(name) {
                row.domain.push_str(name);
            }
        }
    }
}

/// Joins a path with the host that other columns told.
pub(super) fn join(scratch: &mut Scratch, row: &mut Row) -> bool {
    if !row.url.is_empty() || row.domain.is_empty() && (row.ip == Row::NO_IP || row.prefix >= 0) {
        return false;
    }
    let secure = row.application == "https" || row.port == 443;
    let mut whole = String::from(if secure { "https://" } else { "http://" });
    match (row.domain.is_empty(), address::ip(row.ip)) {
        (false, _) => whole.push_str(&row.domain),
        (true, IpAddr::V4(v4)) => whole.push_str(&v4.to_string()),
        (true, IpAddr::V6(v6)) => whole.push_str(&format!("[{v6}]")),
    }
    if row.port > 0 && row.port != if secure { 443 } else { 80 } {
        whole.push_str(&format!(":{}", row.port));
    }
    whole.push_str(&scratch.path);
    scratch.text.clear();
    url::url(&whole, &mut scratch.text).is_some_and(|_| {
        row.url.push_str(&scratch.text);
        true
    })
}

/// Transport protocols, and among them (`tcp;ssh`) what is spoken above.
fn take_transport(cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    let mut took = Took::Yes;
    for word in cell.split([',', ';', '|']).map(str::trim) {
        scratch.text.clear();
        let (place, field) = if value::transport(word, &mut scratch.text) {
            (&mut row.transport, Field::Transport)
        } else if word.bytes().any(|b| b.is_ascii_alphabetic()) && word.len() <= 32 {
            value::lower(word, &mut scratch.text);
            (&mut row.application, Field::Application)
        } else {
            return Took::Unread;
        };
        if scratch.fill(field) {
            place.clear();
            row.flags |= text::clean(&scratch.text, place);
        } else if *place != scratch.text {
            took = Took::No;
        }
    }
    took
}

fn take_type(cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    let Some(known) = super::super::mapping::rsit_type(cell) else { return Took::No };
    if !scratch.fill(Field::Type) {
        return if row.r#type == known.name { Took::Yes } else { Took::No };
    }
    row.class.clear();
    row.class.push_str(known.class);
    row.r#type.clear();
    row.r#type.push_str(known.name);
    Took::Yes
}

/// A label that nobody understands must not become none: the record waits for somebody to look.
fn take_tlp(cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    let Some(label) = value::tlp(cell) else { return Took::Refuse(Reason::Unknown) };
    let label = row.tlp.parse::<Tlp>().map_or(label, |own| if scratch.has(Field::Tlp) { own.join(label) } else { label });
    scratch.fill(Field::Tlp);
    row.tlp.clear();
    row.tlp.push_str(label.as_str());
    Took::Yes
}

fn take_text(step: &Step, cell: &str, scratch: &mut Scratch, row: &mut Row) -> Took {
    if step.reader == Reader::Nonzero && is_nothing(cell) {
        return Took::No;
    }
    let cell = if step.reader == Reader::First { cell.split([',', ';', '|']).next().unwrap_or_default().trim() } else { cell };
    let place = match step.field {
        Field::Application => &mut row.application,
        Field::Identifier => &mut row.identifier,
        Field::Malware => &mut row.malware,
        _ => &mut row.product,
    };
    if !scratch.fill(step.field) {
        return if place == cell { Took::Yes } else { Took::No };
    }
    place.clear();
    row.flags |= text::clean(cell, place);
    if step.reader == Reader::Lower {
        place.make_ascii_lowercase();
    }
    Took::Yes
}

fn take_number<T: PartialEq>(field: Field, read: T, place: &mut T, scratch: &mut Scratch) -> Took {
    if scratch.fill(field) {
        *place = read;
        return Took::Yes;
    }
    if *place == read { Took::Yes } else { Took::No }
}

fn number<T: PartialEq>(field: Field, read: Option<T>, place: &mut T, scratch: &mut Scratch) -> Took {
    read.map_or(Took::Unread, |read| take_number(field, read, place, scratch))
}

/// Words that a reader appends in their normal form, or does not know.
fn word(field: Field, cell: &str, read: impl Fn(&str, &mut String) -> bool, place: &mut String, scratch: &mut Scratch) -> Took {
    if scratch.has(field) {
        scratch.text.clear();
        return if read(cell, &mut scratch.text) && *place == scratch.text { Took::Yes } else { Took::No };
    }
    place.clear();
    if read(cell, place) {
        scratch.fill(field);
        return Took::Yes;
    }
    Took::Unread
}
