//! Keys that come with mails of strangers: which of them speaks for an address.

use crate::house::{Gpg, House};
use crate::openpgp::{PEER, head, keep, mail_key};

#[tokio::test(flavor = "multi_thread")]
async fn of_keys_that_come_by_themselves_the_first_one_counts_as_long_as_it_works() {
    for house in House::both().await {
        mail_key(&house).await;
        let came = async |title: &str, gpg: &Gpg| {
            let key = data_encoding::BASE64.encode(&gpg.must(&["--export", PEER], b""));
            let mail = format!("{}Autocrypt: addr={PEER}; keydata={key}\r\nContent-Type: text/plain\r\n\r\nHello\r\n", head(title));
            keep(&house, PEER, mail.as_bytes()).await;
            house.run_jobs().await;
            house.later(1);
        };
        let states = async || house.rows::<(String, String)>("select fingerprint, state from openpgp_bindings order by first_at", vec![]).await;
        let [first, thief, next] = [(); 3].map(|()| Gpg::of(&format!("Norlink Desk <{PEER}>")));
        came("first", &first).await;
        came("second", &thief).await;
        let as_known = |gpg: &Gpg, state: &str| (gpg.fingerprint(PEER), state.to_owned());
        assert_eq!(states().await, [as_known(&first, "unverified"), as_known(&thief, "conflict")], "on {}", house.on);
        // A holder whose key is over sends a new one, and is not made to wait for a person.
        house.set_clock("2028-12-01T10:00:00+02:00");
        came("third", &next).await;
        assert_eq!(states().await.pop(), Some(as_known(&next, "unverified")));
    }
}
