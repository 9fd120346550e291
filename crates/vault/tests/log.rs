//! The Merkle log against the test vectors of RFC 6962 (as in the Certificate Transparency reference
//! code), against a plain reading of the RFC's definitions, and against tampering.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fall")]

use data_encoding::HEXLOWER;
use proptest::prelude::*;
use vault::key::InstanceKey;
use vault::log::{Checkpoint, Frontier, consistency, empty_root, inclusion, leaf_hash, node_hash, root_of, tiles, verify_consistency, verify_inclusion};

const LEAVES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> [u8; 32] {
    HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
}

fn vector_leaves() -> Vec<[u8; 32]> {
    LEAVES.iter().map(|hex| leaf_hash(&HEXLOWER.decode(hex.as_bytes()).unwrap())).collect()
}

fn numbered(count: u64) -> Vec<[u8; 32]> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// MTH of RFC 6962 section 2.1, as it is written there.
fn plain_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            node_hash(&plain_root(&leaves[..k]), &plain_root(&leaves[k..]))
        }
    }
}

#[test]
fn roots_are_those_of_the_rfc_vectors() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let mut tree = Frontier::new();
    assert_eq!(tree.root(), hash(empty));
    for (leaf, root) in vector_leaves().into_iter().zip(ROOTS) {
        tree.append(leaf);
        assert_eq!(tree.root(), hash(root), "size {}", tree.size());
    }
}

#[test]
fn inclusion_proofs_are_those_of_the_rfc_vectors() {
    let expect = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    let leaves = vector_leaves();
    assert_eq!(inclusion(&leaves, 5).unwrap(), expect.map(hash));
    assert_eq!(inclusion(&leaves[..3], 2).unwrap(), [hash(ROOTS[1])]);
    assert_eq!(inclusion(&leaves[..1], 0).unwrap(), [[0; 32]; 0]);
    assert!(inclusion(&leaves, 8).is_err());
    verify_inclusion(&leaves[5], 5, 8, &expect.map(hash), &hash(ROOTS[7])).unwrap();
}

#[test]
fn consistency_proofs_are_those_of_the_rfc_vectors() {
    let leaves = vector_leaves();
    let six_to_eight = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    let two_to_five = ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"];
    assert_eq!(consistency(&leaves, 6).unwrap(), six_to_eight.map(hash));
    assert_eq!(consistency(&leaves[..5], 2).unwrap(), two_to_five.map(hash));
    assert!(consistency(&leaves, 9).is_err());
}

#[test]
fn every_proof_of_every_small_tree_holds() {
    let leaves = numbered(40);
    for size in 0..=leaves.len() {
        let part = &leaves[..size];
        let root = root_of(part.iter().copied());
        assert_eq!(root, plain_root(part));
        for (index, leaf) in (0_u64..).zip(part) {
            let proof = inclusion(part, index).unwrap();
            verify_inclusion(leaf, index, size as u64, &proof, &root).unwrap();
        }
        for earlier in 0..=size {
            let old = plain_root(&leaves[..earlier]);
            let proof = consistency(part, earlier as u64).unwrap();
            verify_consistency(earlier as u64, &old, size as u64, &root, &proof).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn a_tampered_inclusion_proof_fails(
        size in 1_u64..300, pick: prop::sample::Index, place: prop::sample::Index, bit in 0_usize..256,
    ) {
        let leaves = numbered(size);
        let root = plain_root(&leaves);
        let at = pick.index(leaves.len());
        let (index, leaf) = (at as u64, leaves[at]);
        let proof = inclusion(&leaves, index).unwrap();
        verify_inclusion(&leaf, index, size, &proof, &root).unwrap();

        // One bit anywhere: in a hash of the proof, the leaf, or the root.
        let mut all = proof.clone();
        all.extend([leaf, root]);
        let victim = place.index(all.len());
        all[victim][bit / 8] ^= 1 << (bit % 8);
        let root_now = all.pop().unwrap();
        let leaf_now = all.pop().unwrap();
        prop_assert!(verify_inclusion(&leaf_now, index, size, &all, &root_now).is_err());

        let mut longer = proof.clone();
        longer.push([0; 32]);
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert!(verify_inclusion(&leaf, index, size, shorter, &root).is_err());
        }
        let elsewhere = (index + 1) % size;
        if elsewhere != index {
            prop_assert!(verify_inclusion(&leaf, elsewhere, size, &proof, &root).is_err());
        }
        prop_assert!(verify_inclusion(&leaf, size, size, &proof, &root).is_err());
    }

    #[test]
    fn a_tampered_consistency_proof_fails(
        later in 1_u64..300, pick: prop::sample::Index, place: prop::sample::Index, bit in 0_usize..256,
    ) {
        let leaves = numbered(later);
        let earlier = pick.index(leaves.len() + 1);
        let (old, new) = (plain_root(&leaves[..earlier]), plain_root(&leaves));
        let earlier = earlier as u64;
        let proof = consistency(&leaves, earlier).unwrap();
        verify_consistency(earlier, &old, later, &new, &proof).unwrap();

        let mut all = proof.clone();
        all.push(old);
        // The empty tree is the beginning of every tree, so there the new root is not looked at.
        if earlier > 0 {
            all.push(new);
        }
        let victim = place.index(all.len());
        all[victim][bit / 8] ^= 1 << (bit % 8);
        let new_now = if earlier > 0 { all.pop().unwrap() } else { new };
        let old_now = all.pop().unwrap();
        prop_assert!(verify_consistency(earlier, &old_now, later, &new_now, &all).is_err());

        let mut longer = proof.clone();
        longer.push([0; 32]);
        prop_assert!(verify_consistency(earlier, &old, later, &new, &longer).is_err());
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert!(verify_consistency(earlier, &old, later, &new, shorter).is_err());
        }
    }

    #[test]
    fn a_stored_tree_grows_on(before in 0_u64..600, after in 0_u64..600) {
        let leaves = numbered(before + after);
        let (first, second) = leaves.split_at(usize::try_from(before).unwrap());
        let mut tree = Frontier::new();
        for leaf in first { tree.append(*leaf); }
        let bytes = tree.to_bytes();
        let mut again = Frontier::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&again, &tree);
        for leaf in second { again.append(*leaf); }
        prop_assert_eq!(again.root(), plain_root(&leaves));
        prop_assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        prop_assert!(Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()).is_err());
    }
}

#[test]
fn tiles_are_named_and_filled_as_c2sp_says() {
    let names = |count| tiles(&numbered(count)).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert!(names(0).is_empty());
    assert_eq!(names(5), ["tile/0/000.p/5"]);
    assert_eq!(names(256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(names(600), ["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"]);

    let leaves = numbered(256 * 1000 + 3);
    let files = tiles(&leaves);
    let find = |name: &str| &files.iter().find(|(path, _)| path == name).unwrap().1;
    assert_eq!(find("tile/0/x001/000.p/3").len(), 3 * 32);
    assert_eq!(find("tile/0/999"), &leaves[256 * 999..256 * 1000].concat());
    assert_eq!(find("tile/1/000")[..32], plain_root(&leaves[..256]));
    assert_eq!(find("tile/1/003.p/232").len(), 232 * 32);
    assert_eq!(find("tile/2/000.p/3")[32..64], plain_root(&leaves[65_536..131_072]));
    assert_eq!(files.len(), 1000 + 1 + 3 + 1 + 1);
}

#[test]
fn a_checkpoint_is_read_only_with_its_key_and_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let key = InstanceKey::create(folder.path().join("key")).unwrap();
    let origin = "csirt.example/journal";
    let checkpoint = Checkpoint { origin: origin.into(), size: 8, root: hash(ROOTS[7]) };
    let note = checkpoint.sign(&key).unwrap();
    let vkey = key.public_line(origin).unwrap();
    assert!(note.starts_with("csirt.example/journal\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n\u{2014} csirt.example/journal "));
    assert_eq!(Checkpoint::parse_and_verify(&note, &vkey).unwrap(), checkpoint);

    let other = InstanceKey::create(folder.path().join("other")).unwrap();
    assert!(Checkpoint::parse_and_verify(&note, &other.public_line(origin).unwrap()).is_err());
    assert!(Checkpoint::parse_and_verify(&note, &key.public_line("else.example").unwrap()).is_err());
    assert!(Checkpoint::parse_and_verify(&note.replacen('8', "9", 1), &vkey).is_err());
    for origin in ["", "two words", "a\n9\n"] {
        let bad = Checkpoint { origin: origin.into(), size: 8, root: hash(ROOTS[7]) };
        assert!(bad.sign(&key).is_err());
    }
}
