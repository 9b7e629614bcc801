//! The most memory that the process took.

use std::fmt;
use std::process::Command;

use impasto::memory;
use impasto::runtime::Device;
use impasto_cli::size;

/// Bytes; `None` for what cannot be told.
pub struct Peak {
    /// In the machine's memory.
    pub resident: Option<u64>,
    /// In an NVIDIA GPU's memory. ONNX Runtime keeps what it once took, so what the process holds
    /// at the end is its peak.
    pub on_device: Option<u64>,
}

impl Peak {
    /// Until now, by work on `device`.
    pub fn on(device: &Device) -> Self {
        let is_cuda = matches!(device, Device::Cuda(_) | Device::CudaFp16(_));
        Self {
            resident: memory::peak_resident_bytes(),
            on_device: if is_cuda { on_nvidia() } else { None },
        }
    }
}

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.on_device, self.resident) {
            (Some(bytes), _) => write!(f, "{} of the device", size::bytes(bytes)),
            (None, Some(bytes)) => f.write_str(&size::bytes(bytes)),
            (None, None) => f.write_str("unknown"),
        }
    }
}

fn on_nvidia() -> Option<u64> {
    let mut command = Command::new("nvidia-smi");
    command.args(["--query-compute-apps=pid,used_gpu_memory", "--format=csv,noheader,nounits"]);
    let output = command.output().ok()?;
    of_process(&String::from_utf8_lossy(&output.stdout), std::process::id())
}

/// Out of lines such as `1234, 512`, in MiB: the sum over the GPUs that a process uses.
fn of_process(table: &str, process: u32) -> Option<u64> {
    let of_line = |line: &str| {
        let (id, mebibytes) = line.split_once(',')?;
        let is_its_own = id.trim().parse() == Ok(process);
        mebibytes.trim().parse::<u64>().ok().filter(|_| is_its_own)
    };
    table.lines().filter_map(of_line).reduce(|sum, each| sum + each).map(|sum| sum << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_among_others() {
        let table = "12, 100\n1234, 512\n1234, 3\n77, [N/A]\n";
        assert_eq!(of_process(table, 1234), Some(515 << 20));
        assert_eq!(of_process(table, 77), None);
        assert_eq!(of_process(table, 2), None);
        assert_eq!(of_process("", 12), None);
    }
}
