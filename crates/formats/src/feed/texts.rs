//! A column of texts in one buffer, as Arrow lays them out: the bytes of all rows one after another,
//! and where each ends. No row allocates. A row without a value is empty.

/// Texts of many rows. `offsets` begins with 0 and has one entry more than there are rows, so that
/// `(as_str().as_bytes(), offsets())` are the two buffers of an Arrow string array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    buffer: String,
    offsets: Vec<i32>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { buffer: String::new(), offsets: vec![0] }
    }
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        // A batch ends long before (`Events::is_full`); what does not fit is no value rather than a wrong one.
        if i32::try_from(self.buffer.len() + text.len()).is_ok() {
            self.buffer.push_str(text);
        }
        self.offsets.push(i32::try_from(self.buffer.len()).unwrap_or(i32::MAX));
    }

    pub fn get(&self, row: usize) -> &str {
        let end = |at: usize| self.offsets.get(at).and_then(|end| usize::try_from(*end).ok());
        end(row).zip(end(row + 1)).and_then(|(from, to)| self.buffer.get(from..to)).unwrap_or_default()
    }

    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows' bytes, one after another.
    pub fn as_str(&self) -> &str {
        &self.buffer
    }

    /// Where each row begins, and at last where the last one ends: `len() + 1` numbers.
    pub fn offsets(&self) -> &[i32] {
        &self.offsets
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.buffer.clear();
        self.offsets.truncate(1);
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut texts = Texts::default();
        for text in ["a", "", "bücher", "c"] {
            texts.push(text);
        }
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["a", "", "bücher", "c"]);
        assert_eq!(texts.offsets(), [0, 1, 1, 8, 9]);
        assert_eq!(texts.get(4), "");
        texts.clear();
        assert!(texts.is_empty() && texts.offsets() == [0]);
    }
}
