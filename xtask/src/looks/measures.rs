//! How far a painting is from the photograph and from the style, as `tests/looks/measure.py` finds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::packages;
use super::painting::{Painting, hash};
use crate::repo::Repo;
use crate::sha256;

/// What was found of one painting.
#[derive(Clone, Serialize, Deserialize)]
pub struct Measures {
    /// By the longest side in pixels.
    pub sizes: BTreeMap<u32, Losses>,
    /// The sliced Wasserstein distance of the colours to the style's, 0 to 1.
    pub colour: Option<f64>,
    /// The highest peak at a lattice's frequencies, over the median around it.
    pub lattice: f64,
}

/// Relative losses; those of the style are missing where there is no picture of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Losses {
    pub content: f64,
    pub gram: Option<f64>,
    pub w2: Option<f64>,
}

/// Paintings measured in one process, which looks at a photograph and a style once.
const AT_ONCE: usize = 30;

/// Measures those that are not measured yet.
pub fn measure(repo: &Repo, paintings: &mut [Painting], work: &Path) -> Result<()> {
    let script = hash(&packages::scripts(repo).join("measure.py"))?;
    let mut due = Vec::new();
    for painting in paintings {
        let style = painting.style_picture.as_deref().map(hash).transpose()?.unwrap_or_default();
        let from = hash(&painting.from)?;
        let key = sha256::of_text(
            &[&script, &painting.record.painted, &from, &style].map(String::as_str).join("\n"),
        );
        if painting.record.measured != key || painting.record.measures.is_none() {
            due.push((key, painting));
        }
    }
    let (count, mut done) = (due.len(), 0);
    for group in due.chunks_mut(AT_ONCE) {
        eprintln!("measuring {} to {} of {count} ...", done + 1, done + group.len());
        let jobs: Vec<_> = group
            .iter()
            .map(|(_, painting)| {
                json!({
                    "photograph": painting.from,
                    "painting": painting.file,
                    "style": painting.style_picture,
                })
            })
            .collect();
        let path = work.join("measure.json");
        fs::write(&path, json!(jobs).to_string()).context("writing what to measure")?;
        let mut python = packages::python(repo, "measure.py")?;
        python.arg(&path).env("IMPASTO_MODELS", repo.models());
        let printed = packages::output(python).context("measuring")?;
        let found: Vec<Measures> = serde_json::from_str(&printed).context("reading measures")?;
        ensure!(found.len() == group.len(), "measure.py told of {} paintings", found.len());
        for ((key, painting), measures) in group.iter_mut().zip(found) {
            painting.record.measured = key.clone();
            painting.record.measures = Some(measures);
            painting.keep()?;
        }
        done += group.len();
    }
    Ok(())
}
