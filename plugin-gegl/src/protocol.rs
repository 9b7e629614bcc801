//! What the module and the program that paints say to each other, over a stream. The pixels lie in
//! memory that both have: rows without a gap, numbers in single precision.

use std::io::{Error, ErrorKind, Read, Result, Write};

/// Longer than anything that is said.
const LONGEST: u32 = 1 << 20;

/// A painting that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Columns of the picture.
    pub width: u32,
    /// Rows of the picture.
    pub height: u32,
    /// Whether a pixel is gray and alpha, not red, green, blue and alpha.
    pub is_gray: bool,
    /// The properties' values by name.
    pub values: Vec<(String, String)>,
}

/// What the program says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is at work.
    Working,
    /// The painting lies where the picture lay.
    Painted {
        /// What the user should know; empty in the usual case.
        note: String,
    },
    /// In words for people, with the cure. The memory holds nothing of use.
    Failed(String),
}

impl Request {
    /// Numbers of a pixel.
    pub fn channels(&self) -> u32 {
        if self.is_gray { 2 } else { 4 }
    }

    /// Bytes of all pixels; `None` where that is no number.
    pub fn bytes(&self) -> Option<u64> {
        let pixels = u64::from(self.width).checked_mul(u64::from(self.height))?;
        pixels.checked_mul(u64::from(self.channels()) * size_of::<f32>() as u64)
    }

    /// Texts in which nothing is NUL, as they are sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        let numbers = [self.width, self.height, self.is_gray.into()];
        let mut texts: Vec<String> = numbers.iter().map(u32::to_string).collect();
        for (name, value) in &self.values {
            texts.extend([name, value].map(|text| text.replace('\0', "")));
        }
        texts.join("\0").into_bytes()
    }

    /// Sends it.
    ///
    /// # Errors
    /// Of the stream.
    pub fn send(&self, stream: &mut impl Write) -> Result<()> {
        send(stream, &self.to_bytes())
    }

    /// Waits for one; `None` where the other side is gone.
    ///
    /// # Errors
    /// Of the stream, and `InvalidData`.
    pub fn receive(stream: &mut impl Read) -> Result<Option<Self>> {
        let Some(bytes) = receive(stream)? else { return Ok(None) };
        Self::read(&bytes).map(Some).ok_or(ErrorKind::InvalidData.into())
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut texts = std::str::from_utf8(bytes).ok()?.split('\0');
        let mut number = || texts.next()?.parse::<u32>().ok();
        let (width, height, is_gray) = (number()?, number()?, number()? != 0);
        let mut values = Vec::new();
        while let Some(name) = texts.next() {
            values.push((name.to_owned(), texts.next()?.to_owned()));
        }
        Some(Self { width, height, is_gray, values })
    }
}

impl Answer {
    /// Sends it.
    ///
    /// # Errors
    /// Of the stream.
    pub fn send(&self, stream: &mut impl Write) -> Result<()> {
        let (kind, text) = match self {
            Self::Working => (b'w', ""),
            Self::Painted { note } => (b'p', note.as_str()),
            Self::Failed(why) => (b'f', why.as_str()),
        };
        send(stream, &[&[kind], text.as_bytes()].concat())
    }

    /// Waits for one.
    ///
    /// # Errors
    /// Of the stream, `UnexpectedEof` where the other side is gone, and `InvalidData`.
    pub fn receive(stream: &mut impl Read) -> Result<Self> {
        let bytes = receive(stream)?.ok_or(Error::from(ErrorKind::UnexpectedEof))?;
        let (kind, text) = bytes.split_first().ok_or(Error::from(ErrorKind::InvalidData))?;
        let text = String::from_utf8_lossy(text).into_owned();
        match kind {
            b'w' => Ok(Self::Working),
            b'p' => Ok(Self::Painted { note: text }),
            b'f' => Ok(Self::Failed(text)),
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}

/// The length goes first.
fn send(stream: &mut impl Write, bytes: &[u8]) -> Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or(Error::from(ErrorKind::InvalidInput))?;
    stream.write_all(&[&length.to_le_bytes(), bytes].concat())
}

fn receive(stream: &mut impl Read) -> Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match stream.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    stream.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_arrives() {
        let values = [("style-file", "/a b/ü\n.png"), ("own-style", "")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let request = Request { width: 3, height: 2, is_gray: true, values };
        let mut stream = Vec::new();
        request.send(&mut stream).unwrap();
        let mut stream = stream.as_slice();
        assert_eq!(Request::receive(&mut stream).unwrap(), Some(request));
        assert_eq!(Request::receive(&mut stream).unwrap(), None);

        let answers = [
            Answer::Working,
            Answer::Painted { note: "on the CPU".to_owned() },
            Answer::Failed("cannot paint".to_owned()),
        ];
        let mut stream = Vec::new();
        answers.iter().for_each(|answer| answer.send(&mut stream).unwrap());
        let mut stream = stream.as_slice();
        answers.iter().for_each(|answer| {
            assert_eq!(Answer::receive(&mut stream).unwrap(), *answer);
        });
        assert!(Answer::receive(&mut stream).is_err());
    }

    #[test]
    fn nonsense_is_refused() {
        let mut too_long = &b"\xff\xff\xff\xff..."[..];
        assert!(Request::receive(&mut too_long).is_err());
        let mut unknown = &b"\x01\0\0\0?"[..];
        assert!(Answer::receive(&mut unknown).is_err());
        let mut cut_short = &b"\x09\0\0\0w"[..];
        assert!(Answer::receive(&mut cut_short).is_err());
        let huge = Request { width: u32::MAX, height: u32::MAX, is_gray: false, values: vec![] };
        assert_eq!(huge.bytes(), None);
    }
}
