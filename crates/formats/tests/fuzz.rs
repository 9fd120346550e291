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

const FEEDS: &[&str] = &[
    "\u{1}\"timestamp\",\"severity\",\"ip\",\"protocol\",\"port\",\"hostname\",\"tag\",\"banner\"\n\"2026-03-02 08:10:00\",\"high\",\"192.0.2.1\",\"tcp\",23,\"A.Example.\",\"telnet;cve-2021-3449\",\"two\nlines \"\"x\"\"\"\n,,,,,,,\n2026-03-02,,2001:db8::1,17,0,,,\r\n",
    "\u{2}timestamp,src_ip,src_port,dst_ip,infection,http_host,tag\n2026-03-02T08:10:00Z,192.0.2.1,40000,198.51.100.1,mirai,c2.example,x\n2026-03-02 08:10:00,::ffff:192.0.2.9,1,203.0.113.0/24,,192.0.2.8,\n",
    "\u{3}timestamp,url,ip,sha256,tag,tag2\n2026-03-02 08:10:00,HTTP://B\u{fc}cher.example:8080/x y?z#\"q\",192.0.2.1,sha256:d41d8cd98f00b204e9800998ecf8427e,a|b,c\n",
    "\u{4}timestamp,ip,port,url,http_host\n2026-03-02 08:10:00,192.0.2.1,8080,/a b<c>,www.a.example\n2026-03-02,192.0.2.2,443,/x,\n",
    "\u{5}{\"xarf_version\":\"4.2.0\",\"timestamp\":\"2026-03-02T08:10:00Z\",\"source_identifier\":\"192.0.2.1\",\"category\":\"connection\",\"type\":\"ddos\",\"protocol\":\"tcp\",\"tags\":[\"a:b\",{\"c\": 1}]}\n{\"timestamp\":1}\n",
    "\u{6}---\nReported-From: a@example.org\nReport-Type: login-attack\nDate: Mon, 02 Mar 2026 08:10:00 +0100\nSource: 192.0.2.1\nPort: 22\n",
    "\u{7}Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nSource-IP: 192.0.2.1\nReported-URI: http://a.example/\nArrival-Date: Mon, 2 Mar 2026 08:10:00 GMT\n",
    "\u{8}[{\"Format\":\"IDEA0\",\"ID\":\"x\",\"DetectTime\":\"2026-03-02T08:10:00Z\",\"Category\":[\"Attempt.Login\"],\"Source\":[{\"IP4\":[\"192.0.2.1-192.0.2.9\"],\"Port\":[22,23]}],\"Target\":[{\"IP6\":[\"2001:db8::1\"]}]}]",
];

const MAPPINGS: &[&str] = &[
    "name = \"a\"\nversion = 1\nfiles = [\"{date}-{kind}-*.csv\"]\n[sets]\nx = \"a b +x\"\n[base.b]\nrequired = \"time ip\"\ncolumns = \"+x\"\n[base.b.fields]\ntime = \"observed %d.%m.%Y\"\nip = [\"host\", \"extra\"]\n[type.t]\nlike = \"b\"\ntype = \"scanner\"\nzone = \"Europe/Vienna\"\nwhen = [{ column = \"tag\", has = \"x\", severity = \"high\" }]\n",
    "name = \"a\"\nversion = 1\n[type.t]\nlike = \"u\"\nkey = [\"kind\", \"day\"]\n[type.u]\nlike = \"t\"\nformat = \"json\"\nundated = true\nwords = { a = { b = \"c\" } }\n",
];

const PUBLICATIONS: &[&str] = &[
    "# A\n\nText *a* **b** `c` [d](https://a.example) <script>x</script> ![e](f)\n\n- a\n  1. b\n     > c\n\n```sh\nd\n```\n\n|a|b|\n|-|-|\n|c|d|\n",
    "> > > - - 1. From a\n-- \n-----BEGIN\n[a]: javascript:x\n[a] &#x202e; &quot; <b@a.example>\n***\n<!-- x -->\n<div>\n\n</div>\n",
];

const DIFFERENCES: &[&str] = &["one\ntwo three\nfour\n\0one\ntwo 3\nfour\nfive", "a\r\nb\0b\na\nb\na\n", "a b c d e f g\0a b x d e f\n"];

const SECURITY_TXTS: &[&str] = &[
    "Contact: mailto:a@csirt.example\nExpires: 1970-06-01T00:00:00Z\nPreferred-Languages: en, fr\nCSAF: https://csirt.example/provider-metadata.json\n",
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- - x\nContact: tel:1\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n",
];

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

fn run(seeds: &[&str], rounds: usize, target: fn(&[u8])) {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for seed in seeds {
        target(seed.as_bytes());
    }
    for _ in 0..rounds {
        let data = mutate(seeds, &mut random);
        let outcome = std::panic::catch_unwind(|| target(&data));
        assert!(outcome.is_ok(), "failed on {:?}", String::from_utf8_lossy(&data));
    }
}

#[test]
fn observables_keep_their_promises() {
    run(SEEDS, ROUNDS, formats::fuzz::observable);
}

#[test]
fn networks_keep_their_promises() {
    run(NETS, ROUNDS, formats::fuzz::net);
}

#[test]
fn feeds_keep_their_promises() {
    run(FEEDS, ROUNDS / 10, formats::fuzz::feed);
}

#[test]
fn mappings_keep_their_promises() {
    run(MAPPINGS, ROUNDS / 10, formats::fuzz::mapping);
}

#[test]
fn publications_keep_their_promises() {
    run(PUBLICATIONS, ROUNDS / 4, formats::fuzz::publication);
}

#[test]
fn differences_keep_their_promises() {
    run(DIFFERENCES, ROUNDS / 4, formats::fuzz::difference);
}

#[test]
fn checks_of_security_txt_keep_their_promises() {
    run(SECURITY_TXTS, ROUNDS / 4, formats::fuzz::security_txt);
}
