//! AV1 by rav1d, which is called as the C library is that it was.
//!
//! Its functions are C's, so that a panic in one of them ends the process. Nearly all of them are
//! of its path for a single frame, which panics where a frame is damaged (rav1d 1.1.0, issue
//! 1497): a second frame and thread keep it off that path.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::mem;
use std::ptr::{self, NonNull};
use std::slice;

use rav1d::include::dav1d::data::Dav1dData;
use rav1d::include::dav1d::dav1d::{Dav1dContext, Dav1dLogger, Dav1dSettings};
use rav1d::include::dav1d::headers::{
    DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I422,
    DAV1D_PIXEL_LAYOUT_I444,
};
use rav1d::include::dav1d::picture::Dav1dPicture;
use rav1d::src::lib::{
    dav1d_close, dav1d_data_create, dav1d_data_unref, dav1d_default_settings, dav1d_get_picture,
    dav1d_open, dav1d_picture_unref, dav1d_send_data,
};
use rav1d::{Dav1dResult, src::send_sync_non_null::SendSyncNonNull};

use super::planes::{Coding, Layout, Planes};
use crate::error::Result;
use crate::file::failure::{damaged, truncated};
use crate::memory;

/// How often a picture is asked for: the first time tells the decoder that no more data comes.
const TRIES: usize = 4;

/// The first picture of a stream; it may have as many pixels as a size.
pub(super) fn decode(stream: &[u8], [width, height]: [u32; 2]) -> Result<Planes> {
    let decoder = Decoder::open(width.saturating_mul(height))?;
    decoder.send(stream)?;
    let frame = (0..TRIES).find_map(|_| decoder.frame());
    frame.ok_or_else(|| damaged("its picture is damaged or not whole"))?.planes()
}

struct Decoder(Option<Dav1dContext>);

impl Decoder {
    fn open(most_pixels: u32) -> Result<Self> {
        let threads = rayon::current_num_threads().clamp(2, 16);
        let mut settings = mem::MaybeUninit::<Dav1dSettings>::uninit();
        // SAFETY: the function writes settings to where it is given room for them.
        let mut settings = unsafe {
            dav1d_default_settings(NonNull::from(&mut settings).cast());
            settings.assume_init()
        };
        settings.n_threads = threads as c_int;
        settings.max_frame_delay = 2;
        settings.frame_size_limit = most_pixels;
        // The largest of several layers is the picture.
        settings.all_layers = 0;
        // SAFETY: there is no function that could be called wrongly. The usual one writes to
        // standard error.
        settings.logger = unsafe { Dav1dLogger::new(None::<SendSyncNonNull<_>>, None) };
        let mut context = None;
        // SAFETY: both are valid for the call, which reads the settings and writes the context.
        let result =
            unsafe { dav1d_open(Some((&mut context).into()), Some((&mut settings).into())) };
        checked(result)?;
        Ok(Self(context))
    }

    /// Gives it all there is.
    fn send(&self, stream: &[u8]) -> Result<()> {
        if stream.is_empty() {
            return Err(truncated());
        }
        // SAFETY: of nothing but integers and pointers that may be null, which 0 is.
        let mut data: Dav1dData = unsafe { mem::zeroed() };
        // SAFETY: the data is valid and holds none yet.
        let room = unsafe { dav1d_data_create(Some((&mut data).into()), stream.len()) };
        if room.is_null() {
            return Err(damaged("there is no memory for the picture"));
        }
        // SAFETY: the room is new and has the stream's length. The context is open, since that is
        // closed where it is dropped; what it has not taken of the data is given back once.
        let result = unsafe {
            ptr::copy_nonoverlapping(stream.as_ptr(), room, stream.len());
            let result = dav1d_send_data(self.0, Some((&mut data).into()));
            dav1d_data_unref(Some((&mut data).into()));
            result
        };
        checked(result)
    }

    /// The picture, if it is there.
    fn frame(&self) -> Option<Frame> {
        // SAFETY: of nothing but integers and pointers that may be null, which 0 is.
        let mut frame = Frame(unsafe { mem::zeroed() });
        // SAFETY: the context is open; the call writes a picture, which may be none.
        let result = unsafe { dav1d_get_picture(self.0, Some((&mut frame.0).into())) };
        (result.0 == 0).then_some(frame)
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the context came from `dav1d_open` and is closed once. Pictures keep what they
        // need of it.
        unsafe { dav1d_close(Some((&mut self.0).into())) };
    }
}

/// A picture of the decoder's, or none.
struct Frame(Dav1dPicture);

impl Frame {
    fn planes(&self) -> Result<Planes> {
        let Self(picture) = self;
        let layout = Layout {
            bits: picture.p.bpc as u32,
            halved: match picture.p.layout {
                DAV1D_PIXEL_LAYOUT_I400 => None,
                DAV1D_PIXEL_LAYOUT_I420 => Some([true, true]),
                DAV1D_PIXEL_LAYOUT_I422 => Some([true, false]),
                DAV1D_PIXEL_LAYOUT_I444 => Some([false, false]),
                _ => return Err(damaged("the file is damaged")),
            },
        };
        let header = picture.seq_hdr.ok_or_else(truncated)?;
        // SAFETY: the picture keeps its header, which is not written to once it is there.
        let header = unsafe { header.as_ref() };
        let coding = Coding {
            primaries: header.pri as u8,
            transfer: header.trc as u8,
            matrix: header.mtrx as u8,
            is_full_range: header.color_range != 0,
        };
        let size = [picture.p.w as u32, picture.p.h as u32];
        let sizes = layout.sizes(size).into_iter().enumerate();
        let samples = sizes.map(|(k, size)| self.samples(k, size)).collect::<Result<_>>()?;
        Ok(Planes { size, layout, coding, samples })
    }

    fn samples(&self, plane: usize, [width, height]: [u32; 2]) -> Result<Vec<u16>> {
        let Self(picture) = self;
        let start = picture.data[plane].ok_or_else(truncated)?.as_ptr();
        let stride = picture.stride[plane.min(1)];
        let (width, height) = (width as usize, height as usize);
        let mut samples = memory::reserved(width * height, "the picture's samples")?;
        for y in 0..height {
            // SAFETY: the planes of a picture have as many rows of as many samples, a stride
            // apart, of a byte each for 8 bits and of two, aligned, for more; nobody writes to
            // them any more.
            unsafe {
                let row = start.byte_offset(y as isize * stride);
                match picture.p.bpc {
                    8 => {
                        let row = slice::from_raw_parts(row.cast::<u8>(), width);
                        samples.extend(row.iter().map(|&sample| u16::from(sample)));
                    }
                    _ => samples.extend_from_slice(slice::from_raw_parts(row.cast(), width)),
                }
            }
        }
        Ok(samples)
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // SAFETY: the picture is one that the decoder wrote, or none, and is given back once. What
        // the call leaves is a new, empty one, whose only part with memory is given back here.
        unsafe {
            dav1d_picture_unref(Some((&mut self.0).into()));
            drop(self.0.itut_t35_ref.take().map(|part| part.into_arc()));
        }
    }
}

fn checked(result: Dav1dResult) -> Result<()> {
    match result.0 {
        0 => Ok(()),
        _ => Err(damaged("its picture is damaged")),
    }
}
