//! A bounded run of the fuzz entry points: seeds, mutated by a fixed sequence, so that every run
//! sees the same bytes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

const ROUNDS: usize = 20_000;

const SEEDS: &[&str] = &[
    "hxxp://evil[.]example/x(y)?z=[1], then abuse [at] example[.]org.",
    "192.0.2.1 - 192.0.2.9, 198.51.100.0/24; 2001:db8::1/64 ::ffff:192.0.2.1 fe80::1%eth0",
    "CVE-2024-12345 AS64501 ASN 64501 AS1.10 d41d8cd98f00b204e9800998ecf8427e",
    "https://user:pw@[2001:db8::1]:8443/a?b#c 'http://a.example/x' &lt;http://b.example&gt;",
    "联系abuse@example.com请 bücher.example “evil.com” version 1.2.3.4 README.md",
    "2001[:]db8[:][:]1 h**p[://]a{.}b.example [[:]] [ [:]] x[:]]",
];

const NETS: &[&str] = &["192.0.2.0/24", "2001:db8::/32", "::ffff:192.0.2.1/120", "AS64501", "1.10", "a.b.example.co.uk", "Bücher.Example."];

struct Xorshift(u64);

impl Xorshift {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

fn mutate(seeds: &[&str], random: &mut Xorshift) -> Vec<u8> {
    let mut data = seeds[random.below(seeds.len())].as_bytes().to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(data.len() + 1);
        let other = seeds[random.below(seeds.len())].as_bytes();
        let from = random.below(other.len());
        let to = from + random.below(12.min(other.len() - from) + 1);
        match random.below(5) {
            0 => drop(data.splice(at..at, other[from..to].iter().copied())),
            1 if at < data.len() => data[at] = b".:[](){}/-@ 'a1%_\xc3"[random.below(18)],
            2 if at < data.len() => drop(data.remove(at)),
            3 => data.truncate(at.max(1)),
            _ => {
                let end = (at + 5).min(data.len());
                let piece = data[at..end].to_vec();
                drop(data.splice(at..at, piece));
            }
        }
    }
    data
}

fn run(seeds: &[&str], target: fn(&[u8])) {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for seed in seeds {
        target(seed.as_bytes());
    }
    for _ in 0..ROUNDS {
        let data = mutate(seeds, &mut random);
        let outcome = std::panic::catch_unwind(|| target(&data));
        assert!(outcome.is_ok(), "failed on {:?}", String::from_utf8_lossy(&data));
    }
}

#[test]
fn observables_keep_their_promises() {
    run(SEEDS, formats::fuzz::observable);
}

#[test]
fn networks_keep_their_promises() {
    run(NETS, formats::fuzz::net);
}
