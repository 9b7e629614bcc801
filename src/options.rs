//! Structs of options that state each default beside its field.

/// Declares a struct of public fields with the value that each has when it is not set:
/// `pub strength: f32 = 0.7`.
macro_rules! options {
    (
        $(#[$about:meta])*
        pub struct $Name:ident {
            $($(#[$doc:meta])* pub $field:ident: $Type:ty = $default:expr,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $Name {
            $($(#[$doc])* pub $field: $Type,)*
        }

        impl Default for $Name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}
pub(crate) use options;
