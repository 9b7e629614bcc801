//! Looks in files, so that each machine that paints a part of a shot paints alike.
//!
//! A file is one of safetensors: the normalisation of each layer, the map of colours if there is
//! one, and in its metadata the version, the network and the style that it belongs to.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::look::Look;
use crate::color::ColorMatch;
use crate::error::{Error, ErrorKind, Result};
use crate::whole_file;

/// How the names of such files end.
pub const LOOK_ENDING: &str = "look";

const VERSION: &str = "1";

// Keys of the metadata.
const VERSION_KEY: &str = "impasto-look";
const NETWORK_KEY: &str = "network";
const STYLE_KEY: &str = "style";

/// More layers than any painting has.
const MOST_LAYERS: usize = 64;

/// A hundred times a look's size.
const MOST_BYTES: u64 = 16 << 20;

const COLORS: &str = "colors";

impl Look {
    /// Writes the look to a file, whole or not at all.
    ///
    /// # Errors
    /// `File` where it cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        whole_file::write_bytes(path, &self.to_bytes()?)
    }

    /// Reads a look from a file.
    ///
    /// # Errors
    /// `File` where it cannot be read, `Picture` for what is no look or one of a newer Impasto.
    pub fn read(path: &Path) -> Result<Self> {
        let mut bytes = Vec::new();
        let file = File::open(path);
        let read = file.and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
        let read = read.map_err(whole_file::io_error).and_then(|_| Self::from_bytes(&bytes));
        read.map_err(|e| {
            Error::caused(e.kind(), format!("cannot read the look '{}'", path.display()), e)
        })
    }

    fn to_bytes(&self) -> Result<Vec<u8>> {
        let failed = |e| Error::caused(ErrorKind::File, "cannot pack the look", e);
        let bytes = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
        let layers = self.affines.iter().enumerate();
        let mut tensors: Vec<(String, Vec<u8>)> =
            layers.map(|(above, affine)| (layer_name(above), bytes(affine))).collect();
        if let Some(colors) = &self.color_match {
            tensors.push((COLORS.to_owned(), bytes(&colors.numbers())));
        }
        let views = tensors.iter().map(|(name, bytes)| {
            let view = TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes).map_err(failed)?;
            Ok((name, view))
        });
        let metadata = [
            (VERSION_KEY, VERSION),
            (NETWORK_KEY, &self.network),
            (STYLE_KEY, self.style.as_deref().unwrap_or_default()),
        ];
        let metadata: HashMap<_, _> =
            metadata.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        safetensors::serialize(views.collect::<Result<Vec<_>>>()?, Some(metadata)).map_err(failed)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let wrong = |why: &str| Error::new(ErrorKind::Picture, why.to_owned());
        let no_look = |e| Error::caused(ErrorKind::Picture, "it is no look, or truncated", e);
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(no_look)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let told = |key: &str| metadata.get(key).cloned().unwrap_or_default();
        match &*told(VERSION_KEY) {
            VERSION => {}
            "" => return Err(wrong("it is no look: `impasto look` makes one")),
            newer => {
                let what = format!("it is of version {newer}: a newer Impasto reads it");
                return Err(wrong(&what));
            }
        }
        let tensors = SafeTensors::deserialize(bytes).map_err(no_look)?;
        let floats = |name: &str| -> Result<Option<Vec<f32>>> {
            let Ok(tensor) = tensors.tensor(name) else { return Ok(None) };
            let (numbers, rest) = tensor.data().as_chunks::<4>();
            let values: Vec<_> = numbers.iter().map(|v| f32::from_le_bytes(*v)).collect();
            if tensor.dtype() != Dtype::F32 || !rest.is_empty() {
                return Err(wrong("its numbers are of another kind"));
            }
            match values.iter().all(|v| v.is_finite()) {
                true => Ok(Some(values)),
                false => Err(wrong("it holds values that are no numbers")),
            }
        };
        let mut affines = Vec::new();
        for above in 0..MOST_LAYERS {
            let Some(affine) = floats(&layer_name(above))? else { break };
            affines.push(affine);
        }
        if affines.is_empty() || affines.iter().any(|affine| affine.len() != affines[0].len()) {
            return Err(wrong("it holds no layers, or layers of different sizes"));
        }
        let colors = floats(COLORS)?;
        let color_match = colors
            .map(|numbers| {
                let numbers = numbers.try_into().ok();
                numbers.map(ColorMatch::from_numbers).ok_or_else(|| wrong("its colours are amiss"))
            })
            .transpose()?;
        let style = Some(told(STYLE_KEY)).filter(|style| !style.is_empty());
        Ok(Self { affines, color_match, network: told(NETWORK_KEY), style })
    }
}

fn layer_name(above: usize) -> String {
    format!("layer.{above}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look() -> Look {
        Look {
            affines: vec![vec![0.1, -3.0e-9, 7.25], vec![1.0 / 3.0, 0.0, -1.0]],
            color_match: Some(ColorMatch::from_numbers(std::array::from_fn(|k| k as f32 / 7.0))),
            network: "abc".to_owned(),
            style: Some("def".to_owned()),
        }
    }

    #[test]
    fn a_look_comes_back_bit_by_bit() {
        let (look, folder) = (look(), tempfile::tempdir().unwrap());
        let path = folder.path().join("shot.look");
        look.write(&path).unwrap();
        let read = Look::read(&path).unwrap();
        assert_eq!(read.affines, look.affines);
        assert_eq!(read.network, look.network);
        assert_eq!(read.style, look.style);
        let numbers = |look: &Look| look.color_match.as_ref().unwrap().numbers();
        assert_eq!(numbers(&read), numbers(&look));
    }

    #[test]
    fn what_is_no_look_is_refused() {
        let bytes = look().to_bytes().unwrap();
        let refused = |bytes: &[u8]| Look::from_bytes(bytes).unwrap_err().full_message();
        assert!(refused(b"P6 1 1").contains("no look, or truncated"));
        assert!(refused(&bytes[..bytes.len() - 4]).contains("no look, or truncated"));
        let at = bytes.windows(8).position(|w| w == b"look\":\"1").unwrap() + 7;
        let mut newer = bytes.clone();
        newer[at] = b'2';
        assert!(refused(&newer).contains("version 2"));
        let endless = Look { affines: vec![vec![f32::INFINITY]], ..look() };
        assert!(refused(&endless.to_bytes().unwrap()).contains("no numbers"));
        let uneven = Look { affines: vec![vec![1.0], vec![1.0, 2.0]], ..look() };
        assert!(refused(&uneven.to_bytes().unwrap()).contains("different sizes"));
        let empty = Look { affines: Vec::new(), ..look() };
        assert!(refused(&empty.to_bytes().unwrap()).contains("no layers"));
    }
}
