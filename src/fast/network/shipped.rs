//! The rewritten graphs against the files that are shipped, on a photograph.

#![allow(clippy::unwrap_used)]

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use super::{Network, REACH, pixels};
use crate::canvas::{Region, planes};
use crate::fast::lattice::without_lattice;
use crate::fast::style::Style;
use crate::file;
use crate::graph::Form;
use crate::job::Cancel;
use crate::models::Models;
use crate::runtime::{self, Device, Input, Runtime, Session};

/// What was measured and painted.
struct Found {
    affine: Vec<f32>,
    painted: Vec<f32>,
}

/// Part of a photograph with sides that are no powers of two.
struct Scene {
    width: usize,
    height: usize,
    image: Vec<f32>,
    code: Vec<f32>,
}

impl Scene {
    fn new(style: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let photo = file::read(&root.join("examples/photo.png")).unwrap();
        let (width, height) = (300, 212);
        let mut row = vec![[0.0; 4]; width];
        let mut colors = Vec::new();
        for y in 0..height {
            photo.view().read_row(y as u32, 40, &mut row);
            colors.extend(row.iter().map(|&[r, g, b, _]| crate::canvas::Color::new([r, g, b])));
        }
        let style = root.join(format!("models/styles/{style}.toml"));
        let code = Style::from_file(&style).unwrap().code;
        Self { width, height, image: planes(&colors).unwrap(), code }
    }

    fn shape(&self) -> [i64; 4] {
        [1, 3, self.height as i64, self.width as i64]
    }

    fn whole(&self) -> Region {
        Region { x: 0..self.width as i64, y: 0..self.height as i64 }
    }

    fn measure<T>(
        &self,
        session: &mut Session,
        take: impl FnOnce(&runtime::Outputs<'_>) -> T,
    ) -> T {
        let inputs = [
            Input { name: "image", shape: &self.shape(), values: &self.image },
            Input { name: "code", shape: &[1, 256], values: &self.code },
            Input { name: "control", shape: &[1, 2], values: &[0.4, -0.2] },
        ];
        session.run(&inputs, &Cancel::new(), |outputs| Ok(take(outputs))).unwrap()
    }

    fn shipped(&self, stylize: &[u8]) -> Found {
        let whole = self.whole();
        self.measure(&mut session(stylize, None), |outputs| Found {
            affine: outputs.floats("affine").unwrap().1.to_vec(),
            painted: outputs
                .floats("stylized")
                .unwrap()
                .1
                .chunks_exact(self.width * self.height)
                .flat_map(|plane| without_lattice(plane, &whole, &whole).unwrap())
                .collect(),
        })
    }

    fn rewritten(&self, network: &Network, form: Form) -> Found {
        let prepare = |graph: &dyn Fn(Form) -> Vec<u8>| match form {
            Form::Onnx => session(&graph(Form::Onnx), None),
            // Which a processor without the operators runs in the other form.
            Form::Cpu => session(&graph(Form::Onnx), Some(&graph(Form::Cpu))),
        };
        let mut statistics = prepare(&|form| network.statistics_graph(form).unwrap());
        let affine =
            self.measure(&mut statistics, |outputs| outputs.floats("affine").unwrap().1.to_vec());
        let mut render = prepare(&|form| network.render_graph(&affine, form).unwrap());
        let image = Input { name: "image", shape: &self.shape(), values: &self.image };
        let whole = self.whole();
        let painted = render
            .run(&[image], &Cancel::new(), |outputs| {
                pixels(outputs.floats("painted")?, &whole, &whole)
            })
            .unwrap();
        Found { affine, painted: planes(&painted).unwrap() }
    }

    /// The largest difference of the pictures where none depends on how their ends are continued.
    fn difference(&self, one: &Found, other: &Found) -> f32 {
        let (reach, width, height) = (REACH as usize, self.width, self.height);
        let inside = |k: &usize| {
            let (x, y) = (k % width, k / width % height);
            (reach..width - reach).contains(&x) && (reach..height - reach).contains(&y)
        };
        let compared = (0..one.painted.len()).filter(inside);
        compared.map(|k| (one.painted[k] - other.painted[k]).abs()).fold(0.0, f32::max)
    }
}

fn session(onnx: &[u8], for_cpu: Option<&[u8]>) -> Session {
    let runtime: Arc<Runtime> = Runtime::load(None).unwrap();
    let network = runtime::Network { onnx, for_cpu, in_half: None, most_bytes: None };
    runtime.session("test", network, &Device::Cpu, NonZeroUsize::new(2).unwrap()).unwrap()
}

#[test]
fn rewriting_changes_nothing() {
    let stylize = Models::open(None).unwrap().load("stylize").unwrap();
    let network = Network::parse("stylize.onnx", &stylize).unwrap();
    for style in ["great-wave", "mosaic"] {
        let scene = Scene::new(style);
        let shipped = scene.shipped(&stylize);
        for form in [Form::Onnx, Form::Cpu] {
            let rewritten = scene.rewritten(&network, form);
            let apart = shipped.affine.iter().zip(&rewritten.affine);
            let apart = apart.map(|(a, b)| (a - b).abs() / a.abs().max(0.1)).fold(0.0, f32::max);
            assert!(apart < 1e-4, "{style}: affine differs by {apart}");
            let apart = scene.difference(&shipped, &rewritten);
            assert!(apart < 1e-4, "{style}: the picture differs by {apart}");
        }
    }
}
