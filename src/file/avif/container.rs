//! The boxes of a file and the items they describe (ISO/IEC 14496-12, 23008-12).
//!
//! Boxes are gone through here and only those that are needed are parsed: a parser of whole files
//! goes into boxes within boxes as deep as a damaged file has them.

use std::borrow::Cow;
use std::collections::HashMap;

use mp4_atom::{
    Atom, Auxc, Colr, Decode, Header, Iinf, Iloc, Imir, Ipma, Iref, Irot, Ispe, ItemInfoEntry,
    ItemLocation, Pitm, Reference,
};

use super::not_read;
use super::planes::Coding;
use crate::error::{Error, Result};
use crate::file::failure::{damaged, truncated};

/// An item's number.
pub(super) type Item = u32;

const ALPHA: [&str; 2] =
    ["urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1"];

/// What a file says of its items, and where they lie.
pub(super) struct Container<'a> {
    file: &'a [u8],
    /// What items hold that lie among the boxes.
    inner: &'a [u8],
    primary: Item,
    kinds: HashMap<Item, ItemInfoEntry>,
    places: HashMap<Item, ItemLocation>,
    references: Vec<Reference>,
    properties: Vec<Property>,
    /// From 1 the numbers of an item's properties.
    owned: HashMap<Item, Vec<u16>>,
    frames: usize,
}

/// What is said of items.
pub(super) enum Property {
    Size([u32; 2]),
    Colors(Colors),
    /// Quarter turns against the clock.
    Turned(u8),
    Mirrored {
        sideways: bool,
    },
    Cropped,
    /// What the item is to another.
    Auxiliary(String),
    Other,
}

pub(super) enum Colors {
    Icc(Vec<u8>),
    Coded(Coding),
}

impl<'a> Container<'a> {
    pub fn read(file: &'a [u8]) -> Result<Self> {
        let meta = child(file, b"meta")?
            .ok_or_else(|| not_read("it holds a film and no picture, which is"))?;
        // Version and flags.
        let meta = meta.get(4..).ok_or_else(truncated)?;
        let pitm = parsed::<Pitm>(child(meta, b"pitm")?)?.ok_or_else(|| missing("pitm"))?;
        let iinf = parsed::<Iinf>(child(meta, b"iinf")?)?.ok_or_else(|| missing("iinf"))?;
        let iprp = child(meta, b"iprp")?.ok_or_else(|| missing("iprp"))?;
        Ok(Self {
            file,
            inner: child(meta, b"idat")?.unwrap_or_default(),
            primary: pitm.item_id,
            kinds: iinf.item_infos.into_iter().map(|entry| (entry.item_id, entry)).collect(),
            places: places(child(meta, b"iloc")?.ok_or_else(|| missing("iloc"))?)?,
            references: parsed::<Iref>(child(meta, b"iref")?)?
                .map(|iref| iref.references)
                .unwrap_or_default(),
            properties: properties(child(iprp, b"ipco")?.ok_or_else(|| missing("ipco"))?)?,
            owned: owned(iprp)?,
            frames: frames(file).unwrap_or(1),
        })
    }

    /// The picture's item.
    pub fn primary(&self) -> Item {
        self.primary
    }

    /// How many pictures its sequence has.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The length of the file.
    pub fn stored(&self) -> usize {
        self.file.len()
    }

    pub fn kind(&self, item: Item) -> Result<[u8; 4]> {
        let kind = self.kinds.get(&item).and_then(|entry| entry.item_type);
        Ok(kind.ok_or_else(|| missing("infe"))?.into())
    }

    pub fn properties(&self, item: Item) -> impl Iterator<Item = &Property> {
        let numbers = self.owned.get(&item).into_iter().flatten();
        numbers.filter_map(|&number| self.properties.get(usize::from(number).checked_sub(1)?))
    }

    pub fn size(&self, item: Item) -> Result<[u32; 2]> {
        let size = self.properties(item).find_map(|property| match property {
            Property::Size(size) => Some(*size),
            _ => None,
        });
        size.ok_or_else(|| missing("ispe"))
    }

    /// The items that a reference of this kind leads to.
    pub fn referred(&self, kind: &[u8; 4], from: Item) -> &[Item] {
        let reference = self.references.iter().find(|reference| {
            reference.reference_type == kind.into() && reference.from_item_id == from
        });
        reference.map_or(&[], |reference| &reference.to_item_ids)
    }

    /// The items from which a reference of this kind leads to one.
    fn referring(&self, kind: &[u8; 4], to: Item) -> impl Iterator<Item = Item> {
        let kind = kind.into();
        self.references
            .iter()
            .filter(move |reference| {
                reference.reference_type == kind && reference.to_item_ids.contains(&to)
            })
            .map(|reference| reference.from_item_id)
    }

    pub fn alpha(&self, of: Item) -> Option<Item> {
        let is_alpha = |property: &Property| match property {
            Property::Auxiliary(what) => ALPHA.contains(&what.as_str()),
            _ => false,
        };
        self.referring(b"auxl", of).find(|&item| self.properties(item).any(is_alpha))
    }

    pub fn is_premultiplied(&self, color: Item, alpha: Item) -> bool {
        self.referred(b"prem", color).contains(&alpha)
    }

    /// The block behind the length of what precedes it.
    pub fn exif(&self, of: Item) -> Result<Option<Vec<u8>>> {
        let item = self.described(of, |entry| entry.item_type == Some(b"Exif".into()));
        let Some(item) = item else { return Ok(None) };
        let content = self.content(item)?;
        let block = content.split_first_chunk::<4>().and_then(|(before, rest)| {
            rest.get(usize::try_from(u32::from_be_bytes(*before)).ok()?..)
        });
        Ok(block.map(<[u8]>::to_vec))
    }

    pub fn xmp(&self, of: Item) -> Result<Option<Vec<u8>>> {
        let item = self
            .described(of, |entry| entry.content_type.as_deref() == Some("application/rdf+xml"));
        item.map(|item| Ok(self.content(item)?.into_owned())).transpose()
    }

    fn described(&self, what: Item, is_wanted: impl Fn(&ItemInfoEntry) -> bool) -> Option<Item> {
        self.referring(b"cdsc", what).find(|item| self.kinds.get(item).is_some_and(&is_wanted))
    }

    /// All that an item holds.
    pub fn content(&self, item: Item) -> Result<Cow<'a, [u8]>> {
        let place = self.places.get(&item).ok_or_else(|| missing("iloc"))?;
        let source = match (place.construction_method, place.data_reference_index) {
            (0, 0) => self.file,
            (1, _) => self.inner,
            _ => return Err(not_read("its picture lies in another file or item, which is")),
        };
        let part = |offset: u64, length: u64| {
            let from = usize::try_from(place.base_offset.checked_add(offset)?).ok()?;
            let rest = source.get(from..)?;
            if length == 0 { Some(rest) } else { rest.get(..usize::try_from(length).ok()?) }
        };
        let parts = place.extents.iter().map(|extent| part(extent.offset, extent.length));
        let parts = parts.collect::<Option<Vec<_>>>().ok_or_else(truncated)?;
        if let [whole] = parts[..] {
            return Ok(Cow::Borrowed(whole));
        }
        if parts.iter().map(|part| part.len()).sum::<usize>() > source.len() {
            return Err(damaged("the parts of its picture lie over each other"));
        }
        Ok(Cow::Owned(parts.concat()))
    }
}

// ----------------------------------------------------------------------------------------- boxes

/// The boxes that stand side by side.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = Result<([u8; 4], &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        // Less is padding.
        if self.0.len() < 8 {
            return None;
        }
        let mut rest = self.0;
        self.0 = &[];
        let header = match Header::decode(&mut rest) {
            Ok(header) => header,
            Err(e) => return Some(Err(unparsed(e))),
        };
        let Some((content, after)) = rest.split_at_checked(header.size.unwrap_or(rest.len()))
        else {
            return Some(Err(truncated()));
        };
        self.0 = after;
        Some(Ok((header.kind.into(), content)))
    }
}

/// The content of the first box of a kind.
fn child<'a>(boxes: &'a [u8], kind: &[u8; 4]) -> Result<Option<&'a [u8]>> {
    for found in Boxes(boxes) {
        let (name, content) = found?;
        if name == *kind {
            return Ok(Some(content));
        }
    }
    Ok(None)
}

fn parsed<T: Atom>(content: Option<&[u8]>) -> Result<Option<T>> {
    content.map(|mut content| T::decode_body(&mut content).map_err(unparsed)).transpose()
}

fn places(iloc: &[u8]) -> Result<HashMap<Item, ItemLocation>> {
    // Behind version and flags the lengths of places: of none, any number fits.
    if iloc.get(4) == Some(&0) {
        return Err(damaged("its places have no length"));
    }
    let places = parsed::<Iloc>(Some(iloc))?.map(|iloc| iloc.item_locations).unwrap_or_default();
    Ok(places.into_iter().map(|place| (place.item_id, place)).collect())
}

fn properties(ipco: &[u8]) -> Result<Vec<Property>> {
    Boxes(ipco).map(|found| found.and_then(|(kind, content)| property(kind, content))).collect()
}

fn property(kind: [u8; 4], content: &[u8]) -> Result<Property> {
    let content = Some(content);
    let known = match &kind {
        b"ispe" => parsed::<Ispe>(content)?.map(|ispe| Property::Size([ispe.width, ispe.height])),
        b"irot" => parsed::<Irot>(content)?.map(|irot| Property::Turned(irot.angle)),
        b"imir" => {
            parsed::<Imir>(content)?.map(|imir| Property::Mirrored { sideways: imir.axis & 1 == 1 })
        }
        b"auxC" => parsed::<Auxc>(content)?.map(|auxc| Property::Auxiliary(auxc.aux_type)),
        b"clap" => Some(Property::Cropped),
        // There may be kinds of it that are not known.
        b"colr" => parsed::<Colr>(content).ok().flatten().and_then(colors),
        _ => None,
    };
    Ok(known.unwrap_or(Property::Other))
}

fn colors(colr: Colr) -> Option<Property> {
    let colors = match colr {
        Colr::Ricc { profile } | Colr::Prof { profile } => Colors::Icc(profile),
        Colr::Nclx {
            colour_primaries,
            transfer_characteristics,
            matrix_coefficients,
            full_range_flag,
        } => Colors::Coded(Coding {
            primaries: u8::try_from(colour_primaries).ok()?,
            transfer: u8::try_from(transfer_characteristics).ok()?,
            matrix: u8::try_from(matrix_coefficients).ok()?,
            is_full_range: full_range_flag,
        }),
        _ => return None,
    };
    Some(Property::Colors(colors))
}

fn owned(iprp: &[u8]) -> Result<HashMap<Item, Vec<u16>>> {
    let mut owned: HashMap<Item, Vec<u16>> = HashMap::new();
    for found in Boxes(iprp) {
        let (kind, content) = found?;
        if kind != *b"ipma" {
            continue;
        }
        for of_item in
            parsed::<Ipma>(Some(content))?.into_iter().flat_map(|ipma| ipma.item_properties)
        {
            let numbers = of_item.associations.iter().map(|association| association.property_index);
            owned.entry(of_item.item_id).or_default().extend(numbers);
        }
    }
    Ok(owned)
}

/// How many pictures the first track has, where there is one.
fn frames(file: &[u8]) -> Option<usize> {
    let path = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz"];
    let sizes = path.into_iter().try_fold(file, |boxes, kind| child(boxes, kind).ok()?)?;
    // Behind version, flags and the size that all have.
    let count = sizes.get(8..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_be_bytes(*count)).ok()
}

fn missing(name: &str) -> Error {
    damaged(format!("the file is damaged: its box '{name}' is missing or says too little"))
}

fn unparsed(error: mp4_atom::Error) -> Error {
    damaged(format!("the file is damaged: {error}"))
}
