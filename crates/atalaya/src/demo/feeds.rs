//! The feed of the demonstration: a week of made-up event files about the networks of its organisations,
//! and a few lines about a network that nobody holds.

use formats::feed::Tables;
use formats::feed::synth::Synth;
use formats::net::Asn;
use jiff::{Span, Timestamp};

use crate::access::Who;
use crate::constituency::{self, days};
use crate::events::{self, Arriving, FeedDetails};
use crate::{App, Error, Result};

/// Days that files came for, and the lines of each.
const DAYS: i64 = 7;
const ROWS: u64 = 120;
/// Report types that come each day.
const KINDS: [&str; 3] = ["scan_telnet", "scan_http_vulnerable", "event4_sinkhole"];
/// Reserved for tests (RFC 2544 and 5398), and nobody's here.
const NOBODYS: (&str, u32) = ("198.18.7.0/28", 65551);

/// Adds the feed and hands its files in. They are read when the jobs run.
pub async fn deliver(app: &App, seed: u64, now: Timestamp) -> Result<()> {
    let details = FeedDetails { name: "shadowserver".into(), title: "Shadowserver (made up)".into(), ..FeedDetails::fresh(app) };
    let id = events::add(app, &Who::Operator, details).await?;
    let mut reader = app.db.read().await?;
    let feed = events::get(&mut reader, id).await?;
    let mut networks = events::networks(&constituency::registry(&mut reader).await?);
    drop(reader);
    // So large are networks of IPv6 that hardly a line would be about any other.
    networks.retain(|(network, _)| network.is_v4());
    networks.push((NOBODYS.0.parse().map_err(Error::fault)?, Asn(NOBODYS.1)));
    let tables = Tables::built_in();
    for ago in (1..=DAYS).rev() {
        let day = days::day(now).checked_sub(Span::new().days(ago)).map_err(Error::fault)?;
        for kind in KINDS {
            let day = days::starts(Some(day))?.as_microsecond();
            let synth = Synth { seed: seed.wrapping_add(ago.unsigned_abs()), rows: ROWS, repeats: 30, broken: 8, day, networks: networks.clone() };
            let mut arriving = Arriving::new(&app.blobs, app.profile.events.max_file_bytes);
            synth.write(&tables, kind, &mut arriving).map_err(Error::fault)?;
            let pieces = arriving.finish(&synth.file_name(kind))?;
            events::arrive(app, &Who::Operator, &feed, pieces, "command").await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::world;
    use super::NOBODYS;

    #[test]
    fn no_organisation_of_a_demonstration_holds_the_as_of_what_nobody_holds() {
        assert!((0..30).all(|place| u32::try_from(world::asn(place)) != Ok(NOBODYS.1)));
    }
}
