//! Photoshop's image resources, which PSD files have and in which JPEG files hold IPTC records.

const SIGNATURE: &[u8] = b"8BIM";
/// Of other programs' resources among them.
const SIGNATURES: [&[u8]; 5] = [SIGNATURE, b"MeSa", b"PHUT", b"AgHg", b"DCSR"];
pub(super) const IPTC: u16 = 0x0404;

/// The IPTC records among the resources.
pub(super) fn iptc(resources: &[u8]) -> Option<Vec<u8>> {
    resource(resources, IPTC).map(<[u8]>::to_vec)
}

/// The content of the first resource with a number.
pub(super) fn resource(mut resources: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let rest = SIGNATURES.iter().find_map(|signature| resources.strip_prefix(*signature))?;
        let (id, rest) = rest.split_first_chunk::<2>()?;
        // A name with its length before it, padded to an even number of bytes.
        let name = usize::from(*rest.first()?) + 1;
        let rest = rest.get(name + name % 2..)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let content = rest.get(..length)?;
        if u16::from_be_bytes(*id) == wanted {
            return Some(content);
        }
        resources = rest.get(length.checked_add(length % 2)?..)?;
    }
}

/// Resources that hold nothing but IPTC records.
pub(super) fn resources(iptc: &[u8]) -> Vec<u8> {
    let length = u32::try_from(iptc.len()).unwrap_or(u32::MAX);
    let mut resources =
        [SIGNATURE, &IPTC.to_be_bytes(), &[0, 0], &length.to_be_bytes(), iptc].concat();
    resources.resize(resources.len().next_multiple_of(2), 0);
    resources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_behind_other_resources() {
        for records in [&b"\x1c\x02\x50\0\x03me!"[..], b"\x1c\x02\x50\0\x02me"] {
            let other = b"8BIM\x03\xed\x03dpi\0\0\0\x03abc\0";
            let both = [&other[..], &resources(records)].concat();
            assert_eq!(iptc(&both).as_deref(), Some(records));
            for length in 0..both.len() - 1 {
                let found = iptc(&both[..length]);
                assert!(found.is_none() || found.as_deref() == Some(records));
            }
        }
        assert_eq!(iptc(b"8BIM\x03\xed\0\0\0\0\0\0"), None);
    }
}
