//! Bounded, repeatable mutation: the same mails every time, built from seeds by
//! a small generator, so that a failure here is a failure everywhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod corpus;

/// xorshift64*: enough to vary, and the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit.max(1)
    }
}

const WORDS: [&[u8]; 24] = [
    b"\r\n",
    b"\r\n\r\n",
    b"--b",
    b"--b--",
    b"\0",
    b"\xff",
    b"=?utf-8?B?",
    b"?=",
    b"boundary=",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"multipart/mixed",
    b"multipart/alternative",
    b"charset=utf-7",
    b"\"",
    b"<",
    b">",
    b"(((((",
    b"@",
    b"From: ",
    b"base64",
    b"filename*0*=utf-8''%ff",
    b"<svg><style><a href=x>",
    b"</p><img src=x>",
    b"\n> \nOn 1 wrote:\n",
];

fn mutated(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(5) {
            0 => bytes.splice(at..at, WORDS[dice.below(WORDS.len())].iter().copied()).for_each(drop),
            1 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            2 => bytes.truncate(bytes.len().max(20) - dice.below(bytes.len().max(1)) / 4),
            3 => {
                let to = (at + dice.below(40)).min(bytes.len());
                bytes.drain(at..to);
            }
            _ => {
                let to = (at + dice.below(200)).min(bytes.len());
                let piece = bytes[at..to].to_vec();
                bytes.splice(at..at, piece).for_each(drop);
            }
        }
    }
    bytes
}

fn run(seeds: &[Vec<u8>], rounds: usize, holds: fn(&[u8]) -> bool) {
    let mut dice = Dice(0x5eed);
    for round in 0..rounds {
        let bytes = mutated(&seeds[round % seeds.len()], &mut dice);
        assert!(holds(&bytes), "round {round}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn no_mutated_mail_breaks_the_reader() {
    let seeds = [
        corpus::parts(4),
        corpus::nested(6),
        corpus::mail("Subject: =?utf-8?Q?=C3=B1?=\r\nTo: a@b, \"c\" <d@e>\r\nDate: Tue, 3 Nov 2026 10:00:00 +0100", "On 3 Nov 2026 x wrote:\n> a\n"),
        corpus::mail("Content-Type: text/html", "<p>a<a href='https://x'>b</a><table><tr><td>c</table><script>d</script>"),
        corpus::mail(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nX: y\r\n\r\nFinal-Recipient: rfc822; a@b\r\nStatus: 5.1.1\r\n--b--\r\n",
        ),
        corpus::mail(
            "Content-Type: multipart/mixed; boundary=b",
            "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA0KDQp5\r\n--b--\r\n",
        ),
    ];
    run(&seeds, 5000, post::fuzz::letter);
}

#[test]
fn no_mutated_line_breaks_the_dialogue() {
    let seeds = ["MAIL FROM:<a@example.org> SIZE=10 BODY=8BITMIME", "RCPT TO:<\"a b\"@example.org>", "LHLO x", "RCPT TO:<@r:postmaster@e.org>"];
    run(&seeds.map(|seed| seed.as_bytes().to_vec()), 5000, post::fuzz::lmtp_line);
}

#[test]
fn no_mutated_address_passes_unsafe() {
    let signed = post::address::ThreadKey::new([2; 32]).message_id(&[1; 16], &[2; 16], "example.org");
    let seeds = ["ana@example.org", "\"a\\\"b\"@[192.0.2.1]", "csirt+aaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaa@e.org", &signed, "[ATL-2026-000123]"];
    run(&seeds.map(|seed| seed.as_bytes().to_vec()), 5000, post::fuzz::address);
}

#[test]
fn no_mutated_answer_of_a_mailbox_breaks_the_fetching() {
    let seeds = [
        "* 1 FETCH (UID 7 BODY[]<0> {8}\r\na {3}\r\n) FLAGS (\\Seen))\r\nA1 OK done\r\n",
        "* 1 FETCH (BODY[]<0> \"a \\\"b\\\"\" UID 7)\r\n* 2 EXISTS\r\n",
        "* OK [UIDVALIDITY 1700000000] valid\r\n* LIST () \"/\" {5}\r\nINBOX\r\n",
        "+ idling\r\n* BYE {99999999}\r\n",
    ];
    run(&seeds.map(|seed| seed.as_bytes().to_vec()), 5000, post::fuzz::imap);
}
