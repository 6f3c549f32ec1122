//! Purposes, categories, roles and powers with their names: the contracts know only their numbers.

use std::{borrow::Cow, num::TryFromIntError};

use assent_interface::{MASK_BITS, category, power, purpose, role};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use crate::parameters::value::{Value, digits};

/// Names of the bits of a mask, as the contracts' interface gives them.
struct Vocabulary {
    /// The name of a bit, if it has one.
    name: fn(u8) -> Option<&'static str>,
    /// What a bit without a name is called, before its number.
    unnamed: &'static str,
}

const PURPOSES: Vocabulary = Vocabulary { name: purpose::name, unnamed: "purpose" };
const CATEGORIES: Vocabulary = Vocabulary { name: category::name, unnamed: "category" };
const ROLES: Vocabulary =
    Vocabulary { name: |bit| 1_u16.checked_shl(bit.into()).and_then(role::name), unnamed: "role" };
const POWERS: Vocabulary = Vocabulary {
    name: |bit| 1_u16.checked_shl(bit.into()).and_then(power::name),
    unnamed: "power",
};

impl Vocabulary {
    fn code(&self, index: u8) -> Code {
        let name = match (self.name)(index) {
            Some(name) => name.to_owned(),
            None => format!("{}_{index}", self.unnamed),
        };
        Code { index, name }
    }

    fn mask(&self, mask: u32) -> Mask {
        let names =
            (0..32).filter(|bit| mask & (1 << bit) != 0).map(|bit| self.code(bit).name).collect();
        Mask { mask, names }
    }
}

/// One role, given by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Role(i32);

impl Role {
    /// The mask of this role alone.
    pub fn bit(self) -> i32 {
        self.0
    }
}

impl Value for Role {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(role_names())).into()
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        let mask = role::from_name(text).map(|mask| Self(mask.into()));
        mask.ok_or_else(|| {
            format!("must be one of {}", role_names().collect::<Vec<_>>().join(", ")).into()
        })
    }
}

/// One purpose or category, given by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index(u8);

impl Index {
    /// The highest: a mask has no room for more.
    const LAST: u8 = MASK_BITS - 1;

    /// The contract's number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Value for Index {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(0))
            .maximum(Some(Self::LAST))
            .into()
    }

    fn read(text: &str) -> Result<Self, Cow<'static, str>> {
        let number = digits(text).and_then(|number| u8::try_from(number).ok());
        number.filter(|number| *number <= Self::LAST).map(Self).ok_or_else(|| {
            format!(
                "must be a whole number from 0 to {}, without sign and leading zeros",
                Self::LAST
            )
            .into()
        })
    }
}

/// The names of the roles, lowest bit first.
fn role_names() -> impl Iterator<Item = &'static str> {
    role::NAMES.iter().map(|(_, name)| *name)
}

/// A set, as the contract's bit mask and as names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mask {
    /// Bit n is member n.
    #[schema(example = 3)]
    mask: u32,
    /// Names of the bits that are set, lowest first.
    names: Vec<String>,
}

/// One purpose or category, as the contract's number and as a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Code {
    /// Index of the bit in the mask, 0 to 31.
    index: u8,
    /// Its name; the kind and the number when it has none.
    name: String,
}

/// Declares a named value that is read from an integer column.
macro_rules! named {
    ($($(#[$doc:meta])* $name:ident($inner:ident) from $stored:ty: $vocabulary:ident.$method:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
        pub struct $name($inner);

        impl TryFrom<$stored> for $name {
            type Error = TryFromIntError;

            fn try_from(stored: $stored) -> Result<Self, TryFromIntError> {
                Ok(Self($vocabulary.$method(stored.try_into()?)))
            }
        }
    )+};
}

named! {
    /// Purposes that a grant allows.
    Purposes(Mask) from i64: PURPOSES.mask;
    /// Categories of data that a grant allows.
    Categories(Mask) from i64: CATEGORIES.mask;
    /// Roles that a participant holds.
    Roles(Mask) from i32: ROLES.mask;
    /// What somebody may do for another.
    Powers(Mask) from i32: POWERS.mask;
    /// Purpose of an access.
    Purpose(Code) from i16: PURPOSES.code;
    /// Category of data of an access.
    Category(Code) from i16: CATEGORIES.code;
}

impl Purpose {
    /// The contract's number.
    pub fn index(&self) -> u8 {
        self.0.index
    }
}

impl Category {
    /// The contract's number.
    pub fn index(&self) -> u8 {
        self.0.index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_have_names_and_unknown_bits_their_number() {
        let purposes = Purposes::try_from(0b1_0011).unwrap();
        assert_eq!(purposes.0.names, ["treatment", "research", "purpose_4"]);
        let everything = Categories::try_from(i64::from(u32::MAX)).unwrap();
        assert_eq!(everything.0.names.len(), 32);
        assert_eq!(everything.0.names[6], "genomics");
        assert_eq!(everything.0.names[31], "category_31");
        assert_eq!(Roles::try_from(1 << 8).unwrap().0.names, ["regulator"]);
        let powers = Powers::try_from(0b111_0011).unwrap();
        assert_eq!(powers.0.names, ["ask", "break_glass", "trade", "guardian", "power_6"]);
        assert_eq!(Category::try_from(2).unwrap().0.name, "radiology");
    }

    #[test]
    fn roles_have_the_bits_of_the_contracts() {
        assert_eq!(Role::read("data_owner").map(Role::bit), Ok(1));
        assert_eq!(Role::read("regulator").map(Role::bit), Ok(1 << 8));
        assert!(Role::read("Regulator").is_err());
    }

    #[test]
    fn what_no_contract_can_have_stored_is_refused() {
        assert!(Purposes::try_from(-1).is_err());
        assert!(Purposes::try_from(1 << 32).is_err());
        assert!(Purpose::try_from(-1).is_err());
    }
}
