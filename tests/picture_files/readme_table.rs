//! README's table of picture files: every claim is checked with made files, and one that is not
//! known here fails.

use std::io::Cursor;
use std::path::Path;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgba, RgbaImage};
use impasto::file::{FileFormat, detect, read_bytes};
use impasto::image::{
    AlphaMode, Channels, CodePoints, ColorSpace, Metadata, Picture, PixelFormat, SampleType, Unit,
};
use moxcms::ColorProfile;

use crate::by_hand::{PsdFile, TiffFile, cmyk_jpeg, png_chunk, png_file, psd_file, tiff_file};
use crate::fixtures::{bytes_of, patterned, through};
use crate::{code_points, metadata, openexr, openexr_kept};

type Check = fn(FileFormat, &str) -> Option<bool>;

/// By the table's columns. None is a claim that is not known.
const COLUMNS: [(&str, Check); 5] = [
    ("read", is_read),
    ("written", is_written),
    ("alpha", has_alpha),
    ("colours", has_colors),
    ("kept beside the pixels", is_kept),
];

#[test]
fn every_claim_is_true() {
    let mut rows = rows();
    let head = rows.remove(0);
    assert_eq!(head[1..], COLUMNS.map(|(name, _)| name), "README's table has other columns");
    let mut known = Vec::new();
    for row in rows {
        for name in row[0].split(", ") {
            let format = FileFormat::ALL.into_iter().find(|format| format.name() == name);
            let format = format.unwrap_or_else(|| panic!("README has a row {name:?}"));
            known.push(format);
            for (cell, (column, check)) in row[1..].iter().zip(COLUMNS) {
                for claim in cell.split([',', ';']).map(str::trim).filter(|claim| !claim.is_empty())
                {
                    let answer = check(format, claim);
                    assert_eq!(answer, Some(true), "README says of {name}, {column}: {claim:?}");
                }
                assert!(
                    is_all(format, column, cell),
                    "README leaves something out: {name}, {column}"
                );
            }
        }
    }
    assert_eq!(known.len(), FileFormat::ALL.len(), "README has rows for {known:?}");
}

/// The table's head and its rows, cell by cell.
fn rows() -> Vec<Vec<String>> {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Picture files\n").expect("README's section");
    let lines = section.lines().skip_while(|line| !line.starts_with('|'));
    let lines = lines.take_while(|line| line.starts_with('|')).filter(|line| !line.contains("---"));
    let cells = |line: &str| -> Vec<String> {
        let inner = &line[1..line.len() - 1];
        inner.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    lines.map(cells).collect()
}

/// Whether a cell claims all that there is, where that can be told.
fn is_all(format: FileFormat, column: &str, cell: &str) -> bool {
    match column {
        "written" => FileFormat::WRITTEN.contains(&format) != cell.is_empty(),
        "kept beside the pixels" if FileFormat::WRITTEN.contains(&format) => {
            KEPT.iter().all(|kept| is_kept(format, kept) == Some(cell.contains(kept)))
        }
        _ => true,
    }
}

fn is_read(format: FileFormat, claim: &str) -> Option<bool> {
    use FileFormat::*;
    use SampleType::*;
    let has = |file: &[u8], channels: Channels, sample| {
        let found = picture(format, file).format();
        (found.channels, found.sample) == (channels, sample)
    };
    let of = |name: &str, channels, sample| has(&other(name), channels, sample);
    let kept = |sample| has(&made(format, sample), Channels::Rgba, sample);
    Some(match (format, claim) {
        (_, "first picture") => starts_red(&picture(format, &two_pictures(format)?)),
        (Png, "1 to 16 bit") => [1, 2, 4, 8, 16].iter().all(|&bits| {
            let file = png_file((8, 1), bits, 0, &[], &vec![0; 1 + usize::from(bits)]);
            has(&file, Channels::Gray, if bits == 16 { U16 } else { U8 })
        }),
        (Png, "palettes") => {
            let palette = png_chunk(b"PLTE", &[255, 0, 0]);
            starts_red(&picture(Png, &png_file((1, 1), 8, 3, &[palette], &[0; 2])))
        }
        (Jpeg, "8 bit") => {
            let gray = patterned(8, 8, Channels::Gray, U8, ColorSpace::Srgb);
            has(&bytes_of(&gray, Jpeg).0, Channels::Gray, U8)
        }
        (Jpeg, "CMYK too") => starts_red(&picture(Jpeg, &cmyk_jpeg([255, 1, 1, 255], &[]))),
        (Tiff, claim) => tiff_is_read(claim)?,
        (WebP, "lossless") => kept(U8),
        (WebP, "lossy") => of("lossy.webp", Channels::Rgb, U8),
        (OpenExr, "half") => kept(F16),
        (OpenExr, "float") => kept(F32),
        (OpenExr, "first layer with R" | "G" | "B or Y" | "or `--layer NAME`") => {
            openexr::colours_below_a_name_are_found();
            true
        }
        (OpenExr, "luminance and chroma") => {
            openexr_kept::luminance_and_chroma_are_read_as_colours();
            true
        }
        (JpegXl, "8") => of("picture.jxl", Channels::Rgb, U8),
        (JpegXl, "16 bit") => of("alpha-16.jxl", Channels::Rgba, U16),
        (JpegXl, "float") => of("float.jxl", Channels::Rgb, F32),
        (Avif, "8") => of("picture.avif", Channels::Rgb, U8),
        (Avif, "10") => of("pq.avif", Channels::Rgb, U16),
        (Avif, "12 bit") => of("avif/lossless-12.avif", Channels::Rgb, U16),
        (Avif, "tiles") => of("avif/grid.avif", Channels::Rgb, U8),
        (Psd, "flat picture") => starts_red(&picture(Psd, &psd(3, 8, &[&[255], &[0], &[0]]))),
        (Psd, "1") => has(&psd(0, 1, &[&[0]]), Channels::Gray, U8),
        (Psd, "8") => has(&psd(1, 8, &[&[0]]), Channels::Gray, U8),
        (Psd, "16") => has(&psd(1, 16, &[&[0, 0]]), Channels::Gray, U16),
        (Psd, "32 bit") => has(&psd(3, 32, &[&[0; 4], &[0; 4], &[0; 4]]), Channels::Rgb, F32),
        (Psd, "gray") => has(&psd(1, 8, &[&[0]]), Channels::Gray, U8),
        (Psd, "RGB") => has(&psd(3, 8, &[&[0], &[0], &[0]]), Channels::Rgb, U8),
        (Psd, "CMYK") => has(&psd(4, 8, &[&[0], &[0], &[0], &[0]]), Channels::Rgb, U8),
        (Psd, "Lab") => has(&psd(9, 8, &[&[0], &[0], &[0]]), Channels::Rgb, U8),
        (Psd, "palettes") => {
            let file = PsdFile { palette: &[0; 768], ..PsdFile::pixel(2, 8, &[&[0]]) };
            has(&psd_file(file), Channels::Rgb, U8)
        }
        (Pnm, "1") => has(b"P1 1 1 1 ", Channels::Gray, U8),
        (Pnm, "8") => has(b"P5 1 1 255 x", Channels::Gray, U8),
        (Pnm, "16 bit") => has(b"P6 1 1 65535 xxxxxx", Channels::Rgb, U16),
        (Pnm, "float") => has(b"Pf 1 1 -1 xxxx", Channels::Gray, F32),
        (Gif | Bmp | Tga | Qoi, "8 bit") => kept(U8),
        (Hdr, "float") => has(&made(Hdr, F32), Channels::Rgb, F32),
        _ => return None,
    })
}

fn tiff_is_read(claim: &str) -> Option<bool> {
    let reads =
        |name: &str| picture(FileFormat::Tiff, &other(&format!("tiff/{name}.tif"))).width() == 21;
    let kept = |sample| {
        picture(FileFormat::Tiff, &made(FileFormat::Tiff, sample)).format().sample == sample
    };
    let by_hand = |bits: u16, photometric, samples: u16| {
        let pixels = vec![0; 8 * usize::from(samples) * usize::from(bits) / 8];
        let file = TiffFile { bits, photometric, samples, ..TiffFile::gray(8, 1, &pixels) };
        picture(FileFormat::Tiff, &tiff_file(&file)).width() == 8
    };
    Some(match claim {
        "1 to 16 and 32 bit" => (1..=16).chain([32]).all(|bits| by_hand(bits, 1, 1)),
        "half" => kept(SampleType::F16),
        "float" => kept(SampleType::F32),
        "double" => reads("float-64"),
        "gray" => by_hand(8, 0, 1) && by_hand(8, 1, 1),
        "RGB" => by_hand(8, 2, 3),
        "YCbCr" => reads("ycbcr"),
        "palettes" => reads("palette"),
        "CMYK" => reads("cmyk-alpha"),
        "Lab" => reads("lab"),
        "strips and tiles" | "Deflate" => reads("tiles-of-planes") && reads("zstd"),
        "planes" => reads("tiles-of-planes-16"),
        "LZW" => reads("palette"),
        "PackBits" => reads("packbits"),
        "JPEG" => reads("jpeg"),
        "CCITT" => ["group3", "group4", "tiff_ccitt"].into_iter().all(reads),
        "Zstandard" => reads("zstd"),
        "LZMA" => reads("lzma"),
        "WebP" => reads("webp"),
        _ => return None,
    })
}

fn is_written(format: FileFormat, claim: &str) -> Option<bool> {
    let sample = match claim {
        "8" | "8 bit" => SampleType::U8,
        "16 bit" => SampleType::U16,
        "half" => SampleType::F16,
        "float" => SampleType::F32,
        "lossy" | "lossless" => {
            let picture = patterned(9, 9, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
            let is_same = through(&picture, format).0.data() == picture.data();
            return Some(is_same == (claim == "lossless"));
        }
        _ => return None,
    };
    let picture = patterned(9, 9, Channels::Rgb, sample, space_of(sample));
    Some(through(&picture, format).0.format().sample == sample)
}

fn has_alpha(format: FileFormat, claim: &str) -> Option<bool> {
    let associated = || {
        let sample = SampleType::F32;
        let kind = PixelFormat {
            alpha: AlphaMode::Premultiplied,
            ..PixelFormat::new(Channels::Rgba, sample)
        };
        let mut flame = Picture::new(1, 1, kind, space_of(sample)).unwrap();
        // A flame: light where alpha is 0.
        flame.data_mut()[..4].copy_from_slice(&2.0_f32.to_ne_bytes());
        through(&flame, format).0 == flame
    };
    Some(match claim {
        "associated or not" if format == FileFormat::Avif => {
            let mode = |name| picture(format, &other(name)).format().alpha;
            mode("avif/alpha.avif") == AlphaMode::Straight
                && mode("avif/associated.avif") == AlphaMode::Premultiplied
        }
        "kept" => {
            let sample =
                if format == FileFormat::OpenExr { SampleType::F32 } else { SampleType::U8 };
            picture(format, &made(format, sample)).format().channels == Channels::Rgba
        }
        "associated or not" | "associated" => associated(),
        "laid over white" => {
            let clear = patterned(8, 8, Channels::Rgba, SampleType::U8, ColorSpace::Srgb);
            let (back, notes) = through(&clear, format);
            back.format().channels == Channels::Rgb
                && notes.iter().any(|note| note.contains("white"))
        }
        _ => return None,
    })
}

fn has_colors(format: FileFormat, claim: &str) -> Option<bool> {
    let is_written = FileFormat::WRITTEN.contains(&format);
    let space = |sample| picture(format, &made(format, sample)).color_space().clone();
    Some(match claim {
        "ICC profile kept" if is_written => {
            let icc = ColorSpace::Icc(ColorProfile::new_display_p3().encode().unwrap().into());
            let picture = patterned(9, 9, Channels::Rgb, SampleType::U8, icc.clone());
            *through(&picture, format).0.color_space() == icc
        }
        "ICC profile kept" if matches!(format, FileFormat::JpegXl | FileFormat::Avif) => {
            let described = picture(format, &described(format));
            matches!(described.color_space(), ColorSpace::Icc(_))
        }
        "code points (HDR) kept" => {
            let pq = ColorSpace::Coded(CodePoints::full_range(9, 16));
            *picture(format, &other("pq.avif")).color_space() == pq
        }
        "ICC profile kept" if format == FileFormat::Psd => {
            let icc = ColorProfile::new_display_p3().encode().unwrap();
            let resources = [(1039, &icc[..])];
            let file =
                PsdFile { resources: &resources, ..PsdFile::pixel(3, 8, &[&[0], &[0], &[0]]) };
            *picture(format, &psd_file(file)).color_space() == ColorSpace::Icc(icc.into())
        }
        "cICP (HDR) kept" => {
            let pq = ColorSpace::Coded(CodePoints::full_range(9, 16));
            let picture = patterned(9, 9, Channels::Rgb, SampleType::U16, pq);
            through(&picture, format).0 == picture
        }
        "gAMA and cHRM become a profile" => {
            code_points::gamma_and_chromaticities_become_a_profile();
            true
        }
        "sRGB" | "else sRGB" => space(SampleType::U8) == ColorSpace::Srgb,
        "linear" | "floats linear" => space(SampleType::F32) == ColorSpace::LinearSrgb,
        "chromaticities kept" | "else those of sRGB" => {
            openexr::chromaticities_are_kept_and_understood();
            true
        }
        _ => return None,
    })
}

const KEPT: [&str; 6] = ["EXIF", "XMP", "IPTC", "artist", "copyright", "resolution"];

fn is_kept(format: FileFormat, claim: &str) -> Option<bool> {
    let Metadata { exif, xmp, iptc, artist, copyright, resolution, .. } = match format {
        FileFormat::JpegXl | FileFormat::Avif => picture(format, &described(format)),
        FileFormat::Psd => {
            let resources: [(u16, &[u8]); 4] = [
                (1005, b"\x01\x2c\0\0\0\x01\0\x01\0\x96\0\0\0\x01\0\x01"),
                (1028, b"\x1c\x02\x78\0\x03me!"),
                (1058, &crate::fixtures::exif(1)),
                (1060, b"<x:xmpmeta/>"),
            ];
            let file =
                PsdFile { resources: &resources, ..PsdFile::pixel(3, 8, &[&[0], &[0], &[0]]) };
            picture(format, &psd_file(file))
        }
        _ if FileFormat::WRITTEN.contains(&format) => through(&metadata::picture(), format).0,
        _ => return None,
    }
    .metadata()
    .clone();
    Some(match claim {
        "EXIF" => exif.is_some(),
        "XMP" => xmp.is_some(),
        "IPTC" => iptc.is_some(),
        "artist" => artist.is_some(),
        "copyright" => copyright.is_some(),
        "resolution" => resolution.is_some_and(|resolution| resolution.unit != Unit::Unknown),
        "of an OpenEXR file all that is not painted" => {
            openexr_kept::a_picture_that_was_not_painted_is_the_same_file();
            openexr_kept::other_parts_come_through();
            true
        }
        "the shape of a pixel" => resolution.is_some_and(|resolution| resolution.x != resolution.y),
        _ => return None,
    })
}

// ------------------------------------------------------------------------------------ made files

fn picture(format: FileFormat, file: &[u8]) -> Picture {
    assert_eq!(detect(file), Some(format));
    read_bytes(file, "memory").unwrap()
}

fn other(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/picture_files/others");
    std::fs::read(folder.join(name)).unwrap()
}

fn described(format: FileFormat) -> Vec<u8> {
    other(&format!("described.{}", format.extensions()[0]))
}

fn psd(mode: u16, bits: u16, channels: &[&[u8]]) -> Vec<u8> {
    psd_file(PsdFile::pixel(mode, bits, channels))
}

fn space_of(sample: SampleType) -> ColorSpace {
    if sample.is_float() { ColorSpace::LinearSrgb } else { ColorSpace::Srgb }
}

fn starts_red(picture: &Picture) -> bool {
    let mut row = vec![[0.0; 4]; picture.width() as usize];
    picture.view().read_row(0, 0, &mut row);
    let [r, g, b, _] = row[0];
    r > 0.9 && g < 0.1 && b < 0.1
}

/// A file with alpha, where the format has any.
fn made(format: FileFormat, sample: SampleType) -> Vec<u8> {
    let clear = RgbaImage::from_pixel(2, 2, Rgba([255, 0, 0, 0]));
    let mut clear = DynamicImage::ImageRgba8(clear);
    let encoded = |picture: &DynamicImage, format| {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    };
    // Pictures whose alpha is 0 throughout are taken for opaque ones.
    clear.as_mut_rgba8().unwrap().put_pixel(0, 0, Rgba([255, 0, 0, 255]));
    match format {
        FileFormat::Gif => encoded(&clear, ImageFormat::Gif),
        FileFormat::Bmp => encoded(&clear, ImageFormat::Bmp),
        FileFormat::Tga => encoded(&clear, ImageFormat::Tga),
        FileFormat::Qoi => encoded(&clear, ImageFormat::Qoi),
        FileFormat::Hdr => encoded(&clear.to_rgb32f().into(), ImageFormat::Hdr),
        FileFormat::Pnm if sample.is_float() => b"PF 1 1 1 xxxxxxxxxxxx".to_vec(),
        FileFormat::Pnm => {
            let head = b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n";
            [&head[..], b"xxxx"].concat()
        }
        FileFormat::JpegXl => other("alpha-16.jxl"),
        FileFormat::Avif => other("avif/alpha.avif"),
        FileFormat::Psd if sample.is_float() => psd(3, 32, &[&[0; 4], &[0; 4], &[0; 4]]),
        FileFormat::Psd => {
            psd_file(PsdFile { layers: -1, ..PsdFile::pixel(3, 8, &[&[0], &[0], &[0], &[0]]) })
        }
        _ => {
            let picture = patterned(4, 4, Channels::Rgba, sample, space_of(sample));
            bytes_of(&picture, format).0
        }
    }
}

/// A red picture and one that is not.
fn two_pictures(format: FileFormat) -> Option<Vec<u8>> {
    Some(match format {
        FileFormat::Png => {
            let animation = png_chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
            let frame = |number: u8| {
                let mut content = [0; 26];
                (content[3], content[7], content[11]) = (number, 1, 1);
                png_chunk(b"fcTL", &content)
            };
            let mut file = png_file((1, 1), 8, 2, &[animation, frame(0)], &[0, 255, 0, 0]);
            let end = file.split_off(file.len() - 12);
            let pixels = png_file((1, 1), 8, 2, &[], &[0, 0, 0, 255]);
            // Behind the header: an IDAT chunk's length and name before its content.
            let content = &pixels[33 + 8..pixels.len() - 12 - 4];
            [file, frame(1), png_chunk(b"fdAT", &[&[0, 0, 0, 2][..], content].concat()), end]
                .concat()
        }
        FileFormat::Tiff => {
            let file = |color| {
                let red = TiffFile { samples: 3, photometric: 2, ..TiffFile::gray(1, 1, color) };
                tiff_file(&red)
            };
            let (mut first, second) = (file(&[255, 0, 0]), file(&[0, 0, 255]));
            // Where the next directory stands is said before the places of the strips.
            let (next, at) = (first.len() as u32, first.len() - 12);
            first[at..at + 4].copy_from_slice(&next.to_le_bytes());
            [first, second[8 + 3..].to_vec()].concat()
        }
        FileFormat::WebP => {
            let frame = |color: [u8; 3]| {
                let mut picture = patterned(1, 1, Channels::Rgb, SampleType::U8, ColorSpace::Srgb);
                picture.data_mut().copy_from_slice(&color);
                let pixels = bytes_of(&picture, FileFormat::WebP).0[12..].to_vec();
                webp_chunk(b"ANMF", &[&[0; 16][..], &pixels].concat())
            };
            let head = webp_chunk(b"VP8X", &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            let parts =
                [head, webp_chunk(b"ANIM", &[0; 6]), frame([255, 0, 0]), frame([0, 0, 255])];
            webp_chunk(b"RIFF", &[&b"WEBP"[..], &parts.concat()].concat())
        }
        FileFormat::Gif => {
            let mut file = Vec::new();
            let frames = [[255, 0, 0, 255], [0, 0, 255, 255]]
                .map(|color| Frame::new(RgbaImage::from_pixel(2, 2, Rgba(color))));
            GifEncoder::new(&mut file).encode_frames(frames).unwrap();
            file
        }
        FileFormat::JpegXl => other("two-pictures.jxl"),
        FileFormat::Avif => other("two-pictures.avif"),
        _ => return None,
    })
}

fn webp_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let odd = &[0][..content.len() % 2];
    [&name[..], &(content.len() as u32).to_le_bytes(), content, odd].concat()
}
