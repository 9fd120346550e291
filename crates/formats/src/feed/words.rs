//! A column of words: few different values over many rows (countries, classes, malware families).
//! Each value is kept once per batch and a row is a number, as in Arrow's dictionary array.

use super::Texts;

/// How many places a word is looked for. A file whose words all fall on the same place (by chance or
/// on purpose) costs no more than this: a word that finds no place is kept again, which is allowed.
const PROBES: usize = 16;

const EMPTY: u32 = u32::MAX;

/// Words of many rows: `keys()[row]` is a row of `values()`, or [`Words::NONE`]. A value may rarely
/// stand in `values()` twice.
#[derive(Debug, Clone)]
pub struct Words {
    values: Texts,
    hashes: Vec<u32>,
    keys: Vec<i32>,
    /// Open addressing: rows of `values`; always a power of two.
    table: Vec<u32>,
}

impl Default for Words {
    fn default() -> Self {
        Self { values: Texts::default(), hashes: Vec::new(), keys: Vec::new(), table: vec![EMPTY; 64] }
    }
}

impl Words {
    /// The key of a row without a value.
    pub const NONE: i32 = -1;

    pub fn push(&mut self, word: &str) {
        let key = self.key(word);
        self.keys.push(key);
    }

    pub fn get(&self, row: usize) -> &str {
        let key = self.keys.get(row).and_then(|key| usize::try_from(*key).ok());
        key.map_or("", |key| self.values.get(key))
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The dictionary.
    pub fn values(&self) -> &Texts {
        &self.values
    }

    /// One number a row: which of [`Words::values`], or [`Words::NONE`].
    pub fn keys(&self) -> &[i32] {
        &self.keys
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.values.clear();
        self.hashes.clear();
        self.keys.clear();
        self.table.fill(EMPTY);
    }

    fn key(&mut self, word: &str) -> i32 {
        if word.is_empty() {
            return Self::NONE;
        }
        // Most rows say what the row before said.
        if let Some(last) = self.keys.last().copied().filter(|last| *last >= 0)
            && usize::try_from(last).is_ok_and(|last| self.values.get(last) == word)
        {
            return last;
        }
        let hash = hash(word.as_bytes());
        let mut free = None;
        for probe in 0..PROBES {
            let at = (hash as usize + probe) & (self.table.len() - 1);
            let Some(entry) = self.table.get(at).copied() else { break };
            if entry == EMPTY {
                free = Some(at);
                break;
            }
            if self.hashes.get(entry as usize) == Some(&hash) && self.values.get(entry as usize) == word {
                return i32::try_from(entry).unwrap_or(Self::NONE);
            }
        }
        self.insert(word, hash, free)
    }

    fn insert(&mut self, word: &str, hash: u32, free: Option<usize>) -> i32 {
        let row = self.values.len();
        self.values.push(word);
        self.hashes.push(hash);
        if let Some(place) = free.and_then(|at| self.table.get_mut(at)) {
            *place = u32::try_from(row).unwrap_or(EMPTY);
        }
        if row * 2 > self.table.len() {
            self.grow();
        }
        i32::try_from(row).unwrap_or(Self::NONE)
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        self.table.clear();
        self.table.resize(size, EMPTY);
        for (row, hash) in self.hashes.iter().enumerate() {
            for probe in 0..PROBES {
                let at = (*hash as usize + probe) & (size - 1);
                if let Some(place) = self.table.get_mut(at).filter(|place| **place == EMPTY) {
                    *place = u32::try_from(row).unwrap_or(EMPTY);
                    break;
                }
            }
        }
    }
}

/// Eight bytes at a time, multiplied and folded. It need not withstand anybody: see [`PROBES`].
#[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
fn hash(bytes: &[u8]) -> u32 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = bytes.len() as u64 ^ PRIME;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        let product = u128::from(state ^ u64::from_le_bytes(word)) * u128::from(PRIME);
        state = (product as u64) ^ (product >> 64) as u64;
    }
    (state ^ (state >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn each_value_is_kept_once() {
        let mut words = Words::default();
        for round in 0..3 {
            for n in 0..500 {
                words.push(&format!("word {n}"));
            }
            assert_eq!(words.len(), (round + 1) * 500);
        }
        words.push("");
        assert!(words.values().len() <= 505, "{}", words.values().len());
        assert_eq!((words.get(0), words.get(501), words.get(1500)), ("word 0", "word 1", ""));
        assert_eq!(words.keys().last(), Some(&Words::NONE));
        words.clear();
        words.push("again");
        assert_eq!((words.get(0), words.len(), words.values().len()), ("again", 1, 1));
    }
}
