//! Just enough of `FlatBuffers` to read a TFLite file: tables, vectors, scalars; every access is checked against the bytes.
//!
//! Source: `FlatBuffers`, *Internals* (offsets are unsigned and relative to where they stand; a table begins with the signed
//! distance back to its field directory).

use super::ImportError;

const CUT: ImportError = ImportError::Unreadable("an offset leads out of the file");

/// A table somewhere in a buffer.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    position: usize,
}

/// A vector somewhere in a buffer.
#[derive(Clone, Copy)]
pub(super) struct Vector<'a> {
    bytes: &'a [u8],
    start: usize,
    len: usize,
}

fn read<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], ImportError> {
    let end = at.checked_add(N).ok_or(CUT)?;
    bytes.get(at..end).and_then(|slice| slice.try_into().ok()).ok_or(CUT)
}

fn read_u32(bytes: &[u8], at: usize) -> Result<usize, ImportError> {
    Ok(u32::from_le_bytes(read(bytes, at)?) as usize)
}

fn follow(bytes: &[u8], at: usize) -> Result<usize, ImportError> {
    at.checked_add(read_u32(bytes, at)?).ok_or(CUT)
}

impl<'a> Table<'a> {
    /// The outermost table.
    pub(super) fn root(bytes: &'a [u8]) -> Result<Self, ImportError> {
        Ok(Self { bytes, position: follow(bytes, 0)? })
    }

    /// Where field number `field` stands; `None` when it is left at its default.
    fn field(&self, field: usize) -> Result<Option<usize>, ImportError> {
        let back = i32::from_le_bytes(read(self.bytes, self.position)?) as isize;
        let directory = self.position.checked_add_signed(-back).ok_or(CUT)?;
        let size = u16::from_le_bytes(read(self.bytes, directory)?) as usize;
        let slot = 4 + 2 * field;
        if slot + 2 > size {
            return Ok(None);
        }
        let offset = u16::from_le_bytes(read(self.bytes, directory + slot)?) as usize;
        Ok((offset != 0).then_some(self.position + offset))
    }

    /// An 8-bit field; 0 when absent.
    pub(super) fn i8(&self, field: usize) -> Result<i8, ImportError> {
        self.field(field)?.map_or(Ok(0), |at| Ok(i8::from_le_bytes(read(self.bytes, at)?)))
    }

    /// A 32-bit field; 0 when absent.
    pub(super) fn i32(&self, field: usize) -> Result<i32, ImportError> {
        self.field(field)?.map_or(Ok(0), |at| Ok(i32::from_le_bytes(read(self.bytes, at)?)))
    }

    /// A table field.
    pub(super) fn table(&self, field: usize) -> Result<Option<Self>, ImportError> {
        let Some(at) = self.field(field)? else { return Ok(None) };
        Ok(Some(Self { bytes: self.bytes, position: follow(self.bytes, at)? }))
    }

    /// A vector field; empty when absent.
    pub(super) fn vector(&self, field: usize) -> Result<Vector<'a>, ImportError> {
        let Some(at) = self.field(field)? else {
            return Ok(Vector { bytes: self.bytes, start: 0, len: 0 });
        };
        let position = follow(self.bytes, at)?;
        let len = read_u32(self.bytes, position)?;
        Ok(Vector { bytes: self.bytes, start: position + 4, len })
    }
}

impl<'a> Vector<'a> {
    /// The bytes of a vector of bytes.
    pub(super) fn as_bytes(&self) -> Result<&'a [u8], ImportError> {
        let end = self.start.checked_add(self.len).ok_or(CUT)?;
        self.bytes.get(self.start..end).ok_or(CUT)
    }

    /// A vector of 32-bit integers.
    pub(super) fn to_i32(self) -> Result<Vec<i32>, ImportError> {
        Ok(self.words()?.map(i32::from_le_bytes).collect())
    }

    /// A vector of floats.
    pub(super) fn to_f32(self) -> Result<Vec<f32>, ImportError> {
        Ok(self.words()?.map(f32::from_le_bytes).collect())
    }

    /// A vector of tables.
    pub(super) fn to_tables(self) -> Result<Vec<Table<'a>>, ImportError> {
        self.check(4)?;
        (0..self.len)
            .map(|i| Ok(Table { bytes: self.bytes, position: follow(self.bytes, self.start + 4 * i)? }))
            .collect()
    }

    fn words(&self) -> Result<impl Iterator<Item = [u8; 4]> + 'a, ImportError> {
        let end = self.check(4)?;
        let bytes = &self.bytes[self.start..end];
        Ok(bytes.chunks_exact(4).map(|word| [word[0], word[1], word[2], word[3]]))
    }

    /// The end of the vector, when it lies within the file.
    fn check(&self, element: usize) -> Result<usize, ImportError> {
        let end = self.len.checked_mul(element).and_then(|n| self.start.checked_add(n)).ok_or(CUT)?;
        if end > self.bytes.len() { Err(CUT) } else { Ok(end) }
    }
}
