//! Files of kinds that other programs write, put together byte by byte.

/// A PNG whose rows (with their filter bytes) are stored uncompressed.
pub fn png_file(size: (u32, u32), bits: u8, color: u8, extra: &[Vec<u8>], rows: &[u8]) -> Vec<u8> {
    let mut header = size.0.to_be_bytes().to_vec();
    header.extend(size.1.to_be_bytes());
    header.extend([bits, color, 0, 0, 0]);
    let mut zlib = vec![0x78, 0x01, 0x01];
    zlib.extend((rows.len() as u16).to_le_bytes());
    zlib.extend((!(rows.len() as u16)).to_le_bytes());
    zlib.extend(rows);
    let (a, b) = rows.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (a + b) % 65521)
    });
    zlib.extend((b << 16 | a).to_be_bytes());
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(png_chunk(b"IHDR", &header));
    file.extend(extra.concat());
    file.extend(png_chunk(b"IDAT", &zlib));
    file.extend(png_chunk(b"IEND", &[]));
    file
}

pub fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(content);
    let mut crc = u32::MAX;
    for &byte in &chunk[4..] {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    chunk.extend((!crc).to_be_bytes());
    chunk
}

/// A TIFF file of one uncompressed strip, put together by hand.
pub struct TiffFile<'a> {
    pub width: u32,
    pub height: u32,
    pub bits: u16,
    pub samples: u16,
    pub photometric: u16,
    pub extra: Option<u16>,
    pub sample_format: u16,
    pub planar: u16,
    pub orientation: u16,
    pub fill_order: u16,
    pub icc: Option<&'a [u8]>,
    pub pixels: &'a [u8],
}

impl<'a> TiffFile<'a> {
    pub fn gray(width: u32, height: u32, pixels: &'a [u8]) -> Self {
        TiffFile {
            width,
            height,
            bits: 8,
            samples: 1,
            photometric: 1,
            extra: None,
            sample_format: 1,
            planar: 1,
            orientation: 1,
            fill_order: 1,
            icc: None,
            pixels,
        }
    }
}

pub fn tiff_file(file: &TiffFile) -> Vec<u8> {
    let mut bytes = b"II*\0".to_vec();
    let directory_at = 8 + file.pixels.len() as u32;
    bytes.extend(directory_at.to_le_bytes());
    bytes.extend(file.pixels);
    let mut entries: Vec<(u16, u16, u32)> = vec![
        (256, 4, file.width),
        (257, 4, file.height),
        (258, 3, file.bits.into()),
        (259, 3, 1),
        (262, 3, file.photometric.into()),
        (266, 3, file.fill_order.into()),
        (273, 4, 8),
        (274, 3, file.orientation.into()),
        (277, 3, file.samples.into()),
        (278, 4, file.height),
        (279, 4, file.pixels.len() as u32),
        (284, 3, file.planar.into()),
    ];
    entries.extend(file.extra.map(|kind| (338, 3, kind.into())));
    entries.push((339, 3, file.sample_format.into()));
    entries.extend(file.icc.map(|_| (34675, 7, 0)));
    // Planes are strips of their own, whose places stand after the directory.
    let planes = if file.planar == 2 { u32::from(file.samples) } else { 1 };
    let after = directory_at + 2 + 12 * entries.len() as u32 + 4;
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, value) in entries {
        let (count, value) = match tag {
            273 if planes > 1 => (planes, after),
            279 if planes > 1 => (planes, after + 4 * planes),
            34675 => (file.icc.map_or(0, <[u8]>::len) as u32, after + 8 * planes),
            _ => (1, value),
        };
        bytes.extend(tag.to_le_bytes());
        bytes.extend(u16::to_le_bytes(kind));
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    let plane = file.pixels.len() as u32 / planes;
    bytes.extend((0..planes).flat_map(|k| (8 + k * plane).to_le_bytes()));
    bytes.extend((0..planes).flat_map(|_| plane.to_le_bytes()));
    bytes.extend(file.icc.unwrap_or_default());
    bytes
}

/// Eight by eight pixels of one CMYK colour, as Adobe stores it: 255 less the ink.
pub fn cmyk_jpeg(stored: [u8; 4], profile: &[u8]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xff, marker]);
        file.extend((content.len() as u16 + 2).to_be_bytes());
        file.extend(content);
    };
    segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", profile].concat());
    segment(0xee, b"Adobe\0\x64\0\0\0\0\0");
    segment(0xdb, &[&[0][..], &[8; 64]].concat());
    let components = [1, 2, 3, 4].map(|id| [id, 0x11, 0]);
    segment(0xc0, &[&[8, 0, 8, 0, 8, 4][..], components.as_flattened()].concat());
    // One code, the bit 0, in each table: seven bits of a mean follow; the block ends.
    let lengths = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    segment(0xc4, &[&[0x00][..], &lengths, &[7]].concat());
    segment(0xc4, &[&[0x10][..], &lengths, &[0]].concat());
    segment(0xda, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
    let mut bits = 0_u64;
    for value in stored {
        let mean = i64::from(value) - 128;
        let code = if mean < 0 { mean + 127 } else { mean } as u64;
        bits = bits << 9 | code << 1;
    }
    file.extend(&(bits << 4 | 15).to_be_bytes()[3..]);
    file.extend([0xff, 0xd9]);
    file
}

/// A PSD of one row, not compressed.
#[derive(Clone, Copy)]
pub struct PsdFile<'a> {
    /// 0 bitmap, 1 gray, 2 palette, 3 RGB, 4 CMYK, 9 Lab.
    pub mode: u16,
    pub bits: u16,
    pub width: u32,
    /// Fewer than 0 say that the flat picture has alpha.
    pub layers: i16,
    pub palette: &'a [u8],
    pub resources: &'a [(u16, &'a [u8])],
    pub channels: &'a [&'a [u8]],
}

impl<'a> PsdFile<'a> {
    pub fn pixel(mode: u16, bits: u16, channels: &'a [&'a [u8]]) -> Self {
        PsdFile { mode, bits, width: 1, layers: 1, palette: &[], resources: &[], channels }
    }
}

pub fn psd_file(file: PsdFile) -> Vec<u8> {
    let section = |content: &[u8]| [&(content.len() as u32).to_be_bytes()[..], content].concat();
    let mut bytes = b"8BPS\0\x01\0\0\0\0\0\0".to_vec();
    bytes.extend((file.channels.len() as u16).to_be_bytes());
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend(file.width.to_be_bytes());
    bytes.extend(file.bits.to_be_bytes());
    bytes.extend(file.mode.to_be_bytes());
    bytes.extend(section(file.palette));
    let resource = |&(id, content): &(u16, &[u8])| {
        let odd = &[0][..content.len() % 2];
        [&b"8BIM"[..], &id.to_be_bytes(), &[0, 0], &section(content), odd].concat()
    };
    bytes.extend(section(&file.resources.iter().flat_map(resource).collect::<Vec<_>>()));
    bytes.extend(section(&section(&file.layers.to_be_bytes())));
    bytes.extend([0, 0]);
    bytes.extend(file.channels.concat());
    bytes
}
