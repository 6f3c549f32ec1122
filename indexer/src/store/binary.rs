//! Rows in the binary format of COPY: values go as they are, and the server has nothing to parse.

use sqlx::PgConnection;

/// What such a COPY begins with: the signature, no flags, and no extension of the header.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// The number of columns that says that no row follows.
const END: i16 = -1;
/// The length that stands for null.
const NULL: i32 = -1;
/// Postgres's number of the type bytea.
const BYTEA: i32 = 17;

/// Rows, of which each column must be added in its order.
pub(super) struct BinaryRows(Vec<u8>);

impl BinaryRows {
    /// No row yet.
    pub(super) fn new() -> Self {
        Self(HEADER.to_vec())
    }

    /// Begins a row.
    pub(super) fn begin(&mut self, columns: i16) {
        self.0.extend_from_slice(&columns.to_be_bytes());
    }

    /// A value as it is, or null: numbers with the highest byte first, text and JSON in UTF-8.
    pub(super) fn value(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            Some(bytes) => {
                self.length(bytes.len());
                self.0.extend_from_slice(bytes);
            }
            None => self.0.extend_from_slice(&NULL.to_be_bytes()),
        }
    }

    /// An array of bytea.
    pub(super) fn list(&mut self, items: &[[u8; 32]]) {
        let dimensions = i32::from(!items.is_empty());
        let sizes = if items.is_empty() { 0 } else { 8 + items.len() * (4 + 32) };
        self.length(12 + sizes);
        // Without nulls.
        for number in [dimensions, 0, BYTEA] {
            self.0.extend_from_slice(&number.to_be_bytes());
        }
        if dimensions > 0 {
            self.length(items.len());
            self.0.extend_from_slice(&1_i32.to_be_bytes());
            items.iter().for_each(|item| self.value(Some(item)));
        }
    }

    /// Copies them into a table.
    pub(super) async fn copy(
        mut self,
        sql: &'static str,
        db: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        self.0.extend_from_slice(&END.to_be_bytes());
        let mut copy = db.copy_in_raw(sql).await?;
        copy.send(self.0).await?;
        copy.finish().await?;
        Ok(())
    }

    /// The server refuses a length that it does not find: what is longer than it can count is no value of
    /// the chain.
    fn length(&mut self, length: usize) {
        let length = i32::try_from(length).unwrap_or(i32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_what_the_manual_of_postgres_says() {
        let mut rows = BinaryRows::new();
        assert_eq!(rows.0.len(), 19);
        rows.0.clear();
        rows.begin(3);
        rows.value(Some(b"ab"));
        rows.value(None);
        rows.list(&[]);
        let expected = [
            &[0, 3][..],
            &[0, 0, 0, 2, b'a', b'b'],
            &[255, 255, 255, 255],
            &[0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 17],
        ];
        assert_eq!(rows.0, expected.concat());
        rows.0.clear();
        rows.list(&[[7; 32]]);
        let sizes = [0, 0, 0, 56, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 1, 0, 0, 0, 1];
        assert_eq!(rows.0, [&sizes[..], &[0, 0, 0, 32], &[7; 32]].concat());
    }
}
