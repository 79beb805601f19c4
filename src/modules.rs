//! Modules of the product: a portal leaves out what is about others than the customer has.

use crate::audience::Visibility;

/// The modules of the product that the customer has; all of them where `opas.toml` names none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules(Option<Vec<String>>);

impl Modules {
    /// Of no names: all modules.
    pub fn new(names: Vec<String>) -> Modules {
        Modules((!names.is_empty()).then_some(names))
    }

    /// Who may see what is about `modules`: everybody, or nobody where the portal has none of them.
    /// What is about no module is for everybody.
    pub fn visibility<'a>(&self, modules: impl IntoIterator<Item = &'a str>) -> Visibility {
        let Some(known) = &self.0 else { return Visibility::EVERYBODY };
        let mut modules = modules.into_iter().peekable();
        match modules.peek().is_none() || modules.any(|m| known.iter().any(|k| k == m)) {
            true => Visibility::EVERYBODY,
            false => Visibility::NOBODY,
        }
    }

    /// Those that `opas.toml` names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(String::as_str)
    }
}
