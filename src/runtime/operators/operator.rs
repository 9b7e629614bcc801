//! An operator as ONNX Runtime knows it, around what each of ours computes.

use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use ort::Error;
use ort::operator::{ComputeContext, KernelContext, OperatorInput, OperatorOutput};
use ort::value::{Shape, TensorElementType, TensorValueType, ValueRef, ValueRefMut};

use super::features::Features;
use super::room::{collected, reserved, zeros};

/// An operator: its contract, and its mathematics. All it reads and writes are floats.
pub(super) trait Operator: Sized + Send + 'static {
    /// Its name in graphs.
    const NAME: &'static str;
    /// How many inputs a graph must give, and how many more it may.
    const INPUTS: [usize; 2];
    /// How many outputs a graph must take, and how many more it may.
    const OUTPUTS: [usize; 2] = [1, 0];
    /// What the operators of one session share.
    type Shared: Send + Sync + 'static;

    /// Reads a node's attributes and constant inputs.
    fn new(node: &Node<'_, '_>, shared: &Self::Shared) -> ort::Result<Self>;

    /// Computes the outputs.
    fn compute(&self, run: &Run<'_>) -> ort::Result<()>;
}

/// A node that an operator is made for.
pub(super) struct Node<'n, 'c> {
    context: &'n KernelContext<'c>,
    operator: &'static str,
}

/// A constant input of a node.
pub(super) struct Constant<'c>(ValueRef<'c, TensorValueType<f32>>);

/// One run of an operator.
pub(super) struct Run<'r> {
    context: &'r ComputeContext,
    operator: &'static str,
    inputs: &'r [Option<ValueRef<'r>>],
}

/// An output of a run.
pub(super) struct Output<'r>(ValueRefMut<'r>);

impl<'c> Node<'_, 'c> {
    /// The constant at `place`, which the graph must give.
    pub fn constant(&self, place: usize) -> ort::Result<Constant<'c>> {
        Ok(Constant(self.context.constant_input(place)?))
    }

    /// The constant biases at `place`, or `count` zeros where the graph gives none.
    pub fn biases(&self, place: usize, count: usize) -> ort::Result<Vec<f32>> {
        if self.context.inputs()?.len() <= place {
            return zeros(count);
        }
        let biases = collected(self.constant(place)?.values().iter().copied())?;
        match biases.len() == count {
            true => Ok(biases),
            false => Err(self.refuse("as many biases as kernels")),
        }
    }

    /// The attribute that must be there.
    pub fn number(&self, name: &str) -> ort::Result<f32> {
        self.context.get(name).ok_or_else(|| self.lacks(name))
    }

    /// The attribute that must say 0 or 1.
    pub fn flag(&self, name: &str) -> ort::Result<bool> {
        Ok(self.context.get::<i64>(name).ok_or_else(|| self.lacks(name))? != 0)
    }

    fn lacks(&self, attribute: &str) -> Error {
        self.refuse(format_args!("the attribute '{attribute}'"))
    }

    /// The error of a node that lacks what the operator needs.
    pub fn refuse(&self, needed: impl std::fmt::Display) -> Error {
        Error::new(format!("{} needs {needed}", self.operator))
    }
}

impl Constant<'_> {
    pub fn shape(&self) -> &Shape {
        self.0.extract_tensor().0
    }

    pub fn values(&self) -> &[f32] {
        self.0.extract_tensor().1
    }
}

impl<'r> Run<'r> {
    /// The dimensions and values of the input at `place`; `None` where the graph gives none.
    pub fn optional(&self, place: usize) -> ort::Result<Option<(&'r Shape, &'r [f32])>> {
        let input = self.inputs.get(place).and_then(Option::as_ref);
        input.map(|input| input.try_extract_tensor()).transpose()
    }

    /// The dimensions and values of the input at `place`.
    pub fn input(&self, place: usize) -> ort::Result<(&'r Shape, &'r [f32])> {
        self.optional(place)?.ok_or_else(|| self.refuse(format_args!("the input {place}")))
    }

    /// The input at `place` as the features of one picture.
    pub fn features(&self, place: usize) -> ort::Result<Features<'r>> {
        let (shape, values) = self.input(place)?;
        let &[1, channels, height, width] = &shape[..] else {
            return Err(self.refuse(format_args!("one picture, not {shape}")));
        };
        let [channels, height, width] = [channels, height, width].map(|side| side as usize);
        Ok(Features { values, channels, height, width })
    }

    /// Makes the output at `place`; `None` where the graph does not take it.
    pub fn optional_output<const N: usize>(
        &self,
        place: usize,
        shape: [usize; N],
    ) -> ort::Result<Option<Output<'r>>> {
        let shape = shape.map(|side| side as i64);
        Ok(self.context.output(place, shape)?.map(Output))
    }

    /// Makes the output at `place`.
    pub fn output<const N: usize>(
        &self,
        place: usize,
        shape: [usize; N],
    ) -> ort::Result<Output<'r>> {
        let output = self.optional_output(place, shape)?;
        output.ok_or_else(|| self.refuse(format_args!("the output {place}")))
    }

    /// Does the work of each part, by its number, on the session's threads.
    pub fn each<T: Send>(
        &self,
        parts: Vec<T>,
        work: impl Fn(usize, T) -> ort::Result<()> + Send + Sync,
    ) -> ort::Result<()> {
        // Each thread takes its own part out.
        let parts = collected(parts.into_iter().map(|part| Mutex::new(Some(part))))?;
        let failure = Mutex::new(None);
        self.context.par_for(parts.len(), 0, |k| {
            let part = parts[k].lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(Err(error)) = part.map(|part| work(k, part)) {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        })?;
        match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// The error of inputs that do not fit.
    pub fn refuse(&self, needed: impl std::fmt::Display) -> Error {
        Error::new(format!("{} needs {needed}", self.operator))
    }
}

impl Output<'_> {
    pub fn values(&mut self) -> ort::Result<&mut [f32]> {
        Ok(self.0.try_extract_tensor_mut()?.1)
    }
}

/// An operator of ours for ONNX Runtime's table.
pub(super) struct Registered<O: Operator> {
    shared: O::Shared,
    operator: PhantomData<fn() -> O>,
}

impl<O: Operator> Registered<O> {
    pub fn new(shared: O::Shared) -> Self {
        Self { shared, operator: PhantomData }
    }
}

impl<O: Operator> ort::operator::Operator for Registered<O> {
    type Kernel<'c> = Kernel<O>;

    fn name(&self) -> &str {
        O::NAME
    }

    fn inputs(&self) -> impl IntoIterator<Item = OperatorInput> {
        of_floats(O::INPUTS, OperatorInput::required, OperatorInput::optional)
    }

    fn outputs(&self) -> impl IntoIterator<Item = OperatorOutput> {
        of_floats(O::OUTPUTS, OperatorOutput::required, OperatorOutput::optional)
    }

    fn create_kernel<'c>(&self, context: &KernelContext<'c>) -> ort::Result<Kernel<O>> {
        O::new(&Node { context, operator: O::NAME }, &self.shared).map(Kernel)
    }
}

type Described<T> = fn(TensorElementType) -> T;

fn of_floats<T>(
    [needed, more]: [usize; 2],
    required: Described<T>,
    optional: Described<T>,
) -> impl Iterator<Item = T> {
    let kinds = std::iter::repeat_n(required, needed).chain(std::iter::repeat_n(optional, more));
    kinds.map(|kind| kind(TensorElementType::Float32))
}

/// An operator made for a node.
pub(super) struct Kernel<O>(O);

impl<O: Operator> ort::operator::Kernel for Kernel<O> {
    fn compute(&mut self, context: &ComputeContext) -> ort::Result<()> {
        let count = O::INPUTS.iter().sum();
        let mut inputs = reserved(count)?;
        for place in 0..count {
            inputs.push(context.input(place)?);
        }
        self.0.compute(&Run { context, operator: O::NAME, inputs: &inputs })
    }
}
