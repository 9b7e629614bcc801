//! The processor through OpenVINO's provider, whoever made the processor.
//!
//! The provider offers processors of Intel only, though OpenVINO works on all
//! (github.com/microsoft/onnxruntime/pull/31981). ONNX Runtime lets a device be made from any of a
//! provider's factories, so this makes the one that the provider leaves out. A factory wants a
//! logger, which ONNX Runtime hands out to operators only: hence the operator that is never run.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_void};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ort::AsPointer;
use ort::environment::Environment;
use ort::memory::DeviceType;
use ort::operator::{
    ComputeContext, Kernel, KernelContext, Operator, OperatorDomain, OperatorInput, OperatorOutput,
};
use ort::session::Session;
use ort::sys::{OrtEpDevice, OrtLogger, OrtStatusPtr};
use ort::value::TensorElementType;
use prost::Message;

use super::plugin::{ENTRY_POINT, EpDevice, open};
use super::processor::on_cpu;
use super::status::check;
use crate::onnx::{
    Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorShapeProto, TensorType,
    TypeProto, ValueInfoProto, data_type,
};

/// `OrtGetApiBase`.
type GetApiBase = unsafe extern "C" fn() -> *const c_void;

/// `CreateEpFactories`: name, base of the interface, logger, room for factories, its size, and how
/// many there are.
type CreateEpFactories = unsafe extern "C" fn(
    *const c_char,
    *const c_void,
    *const OrtLogger,
    *mut *mut Factory,
    usize,
    *mut usize,
) -> OrtStatusPtr;

/// The head of `OrtEpFactory`.
#[repr(C)]
struct Factory {
    ort_version_supported: u32,
    name: unsafe extern "C" fn(*const Factory) -> *const c_char,
}

/// The head of `OrtEpApi`.
#[repr(C)]
struct EpApi {
    create_ep_device: unsafe extern "C" fn(
        *mut Factory,
        hardware: *const c_void,
        metadata: *const c_void,
        options: *const c_void,
        *mut *mut OrtEpDevice,
    ) -> OrtStatusPtr,
}

/// The processor as a device of OpenVINO's provider; none where the library has no plain factory.
pub(super) fn cpu_device(
    environment: &Environment,
    runtime: &Path,
    path: &Path,
) -> Result<Option<EpDevice>, String> {
    let words = |e: ort::Error| format!("cannot use '{}': {}", path.display(), e.message());
    let Some(cpu) =
        environment.devices().find(|device| device.hardware_device().ty() == DeviceType::CPU)
    else {
        return Ok(None);
    };
    let logger = logger(environment).map_err(words)?;
    // Both stay loaded, and so do these handles.
    let library = ManuallyDrop::new(open(path)?);
    let runtime = ManuallyDrop::new(open(runtime)?);
    // SAFETY: every plug-in provider exports this function with this signature (ONNX Runtime's
    // onnxruntime_ep_c_api.h).
    let create = unsafe { library.get::<CreateEpFactories>(ENTRY_POINT) };
    let create = create.map_err(|e| e.to_string())?;
    // SAFETY: ONNX Runtime has exported this function with this signature since 1.0.
    let base = unsafe { runtime.get::<GetApiBase>(b"OrtGetApiBase") }.map_err(|e| e.to_string())?;
    let mut factories = [ptr::null_mut::<Factory>(); 16];
    let mut count = 0;
    // SAFETY: the name is copied; the base is ONNX Runtime's static table, the logger lives as long
    // as the process; no more factories are written than there is room for, and their number.
    let status = unsafe {
        create(
            c"impasto_openvino".as_ptr(),
            base(),
            logger,
            factories.as_mut_ptr(),
            factories.len(),
            &mut count,
        )
    };
    check(status).map_err(words)?;
    let is_plain = |factory: &&*mut Factory| {
        // SAFETY: the provider made the factory, which is never freed; `Factory` is the head of its
        // type, unchanged since plug-in providers exist.
        let name = unsafe { (***factory).name };
        // SAFETY: the function is the factory's own, and returns text that lives as long.
        unsafe { CStr::from_ptr(name(**factory)) == c"OpenVINOExecutionProvider" }
    };
    let Some(&factory) = factories[..count].iter().find(is_plain) else { return Ok(None) };
    let api = ort::api();
    let mut metadata = ptr::null_mut();
    // SAFETY: the function writes a new list to `metadata`, which is released below.
    unsafe { (api.CreateKeyValuePairs)(&mut metadata) };
    // SAFETY: the list was just made; both texts are copied.
    unsafe { (api.AddKeyValuePair)(metadata, c"ov_device".as_ptr(), c"CPU".as_ptr()) };
    let mut device = ptr::null_mut();
    // SAFETY: the function returns a static table, of which `EpApi` is the head, unchanged since
    // plug-in providers exist.
    let create_ep_device = unsafe { (*(api.GetEpApi)().cast::<EpApi>()).create_ep_device };
    // SAFETY: the environment's device lives as long as the environment.
    let hardware = unsafe { (api.EpDevice_Device)(cpu.ptr()) };
    // SAFETY: factory and hardware live as long as the process; the list is copied, and no options
    // are allowed; the new device is written to `device` and never freed.
    let status = unsafe {
        create_ep_device(
            factory,
            hardware.cast(),
            metadata.cast_const().cast(),
            ptr::null(),
            &mut device,
        )
    };
    // SAFETY: the list was made above and is not used after this.
    unsafe { (api.ReleaseKeyValuePairs)(metadata) };
    check(status).map_err(words)?;
    Ok(NonNull::new(device).map(|pointer| EpDevice { pointer, kind: DeviceType::CPU }))
}

/// A logger of ONNX Runtime's that lives as long as the process.
fn logger(environment: &Environment) -> ort::Result<*const OrtLogger> {
    /// The logger is a session's.
    static SESSIONS: Mutex<Vec<Session>> = Mutex::new(Vec::new());
    let found = Arc::new(AtomicPtr::new(ptr::null_mut()));
    let domain = OperatorDomain::new(DOMAIN)?.add(LoggerProbe(Arc::clone(&found)))?;
    let session = on_cpu(Session::builder(environment)?, environment)?
        .with_operators(domain)?
        .commit_from_memory(&network_of_probe())?;
    SESSIONS.lock().unwrap_or_else(PoisonError::into_inner).push(session);
    Ok(found.load(Ordering::SeqCst))
}

const DOMAIN: &str = "impasto.probe";
const OPERATOR: &str = "LoggerProbe";

/// An operator that notes its logger when it is made.
struct LoggerProbe(Arc<AtomicPtr<OrtLogger>>);

struct Nothing;

impl Kernel for Nothing {
    fn compute(&mut self, _: &ComputeContext) -> ort::Result<()> {
        Ok(())
    }
}

impl Operator for LoggerProbe {
    type Kernel<'attr> = Nothing;

    fn name(&self) -> &str {
        OPERATOR
    }

    fn inputs(&self) -> impl IntoIterator<Item = OperatorInput> {
        [OperatorInput::required(TensorElementType::Float32)]
    }

    fn outputs(&self) -> impl IntoIterator<Item = OperatorOutput> {
        [OperatorOutput::required(TensorElementType::Float32)]
    }

    fn create_kernel<'attr>(&self, context: &KernelContext<'attr>) -> ort::Result<Nothing> {
        let mut logger = ptr::null();
        // SAFETY: the kernel's description is valid during this call, which writes the logger.
        check(unsafe { (ort::api().KernelInfo_GetLogger)(context.ptr(), &mut logger) })?;
        self.0.store(logger.cast_mut(), Ordering::SeqCst);
        Ok(Nothing)
    }
}

fn network_of_probe() -> Vec<u8> {
    let set = |domain: &str, version| OperatorSetIdProto {
        domain: Some(domain.to_owned()),
        version: Some(version),
    };
    let node = NodeProto {
        input: vec!["x".to_owned()],
        output: vec!["y".to_owned()],
        op_type: Some(OPERATOR.to_owned()),
        domain: Some(DOMAIN.to_owned()),
        ..NodeProto::default()
    };
    let value = |name: &str| {
        let dim = vec![Dimension { dim_value: Some(1), dim_param: None }];
        let shape = Some(TensorShapeProto { dim });
        let tensor_type = Some(TensorType { elem_type: Some(data_type::FLOAT), shape });
        ValueInfoProto { name: Some(name.to_owned()), r#type: Some(TypeProto { tensor_type }) }
    };
    let graph = GraphProto {
        name: Some("probe".to_owned()),
        node: vec![node],
        input: vec![value("x")],
        output: vec![value("y")],
        ..GraphProto::default()
    };
    let model = ModelProto {
        ir_version: Some(9),
        opset_import: vec![set("", 17), set(DOMAIN, 1)],
        graph: Some(graph),
        ..ModelProto::default()
    };
    model.encode_to_vec()
}
