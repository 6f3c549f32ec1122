//! Numbers with names: roles, powers, purposes, categories. The contracts know the numbers alone, and take
//! also those that have no name yet.

/// How many purposes and how many categories a mask has room for.
pub const MASK_BITS: u8 = 32;

/// The mask that holds one purpose or category; empty if there is no such bit.
#[must_use]
pub const fn mask_of(index: u8) -> u32 {
    match 1u32.checked_shl(index as u32) {
        Some(mask) => mask,
        None => 0,
    }
}

/// Declares a module of numbers of one kind, and their names.
macro_rules! vocabulary {
    ($(#[doc = $doc:literal])* $kind:ident: $type:ty {
        $($(#[doc = $item_doc:literal])* $item:ident = $number:expr, $name:literal;)+
    } $($(#[doc = $all_doc:literal])* all = $all:expr)?) => {
        $(#[doc = $doc])*
        pub mod $kind {
            $($(#[doc = $item_doc])* pub const $item: $type = $number;)+
            $($(#[doc = $all_doc])* pub const ALL: $type = $all;)?

            /// Each with its name, lowest first.
            pub const NAMES: &[($type, &str)] = &[$(($item, $name)),+];

            /// Its name, if it has one.
            #[must_use]
            pub fn name(number: $type) -> Option<&'static str> {
                NAMES.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
            }

            /// The one of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<$type> {
                NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
            }
        }
    };
}

vocabulary! {
    /// Roles of a participant, as bits of one mask.
    role: u16 {
        /// May grant and revoke consent, anchor reports and earn rewards.
        DATA_OWNER = 1, "data_owner";
        /// Provides care: may ask for access.
        PROVIDER = 1 << 1, "provider";
        /// Does research: may ask for access.
        RESEARCHER = 1 << 2, "researcher";
        /// Holds records on behalf of data owners.
        RESOURCE_HOLDER = 1 << 3, "resource_holder";
        /// Emits greenhouse gases and holds credits to cover it.
        EMITTER = 1 << 4, "emitter";
        /// Verifies emissions reports.
        VERIFIER = 1 << 5, "verifier";
        /// Trades credits.
        TRADER = 1 << 6, "trader";
        /// Reads and audits.
        AUDITOR = 1 << 7, "auditor";
        /// Admits and suspends participants.
        REGULATOR = 1 << 8, "regulator";
    }
    /// Every role there is.
    all = (1 << 9) - 1
}

vocabulary! {
    /// What one account may do for another, as bits of one mask: a member of the staff for its
    /// organisation, a guardian for his ward. Nobody hands over, admits others or withdraws for
    /// another: there is no power to do so.
    power: u16 {
        /// May ask for access.
        ASK = 1, "ask";
        /// May open a patient's data in an emergency, and close such a window.
        BREAK_GLASS = 1 << 1, "break_glass";
        /// May anchor, supersede and revoke reports.
        ANCHOR = 1 << 2, "anchor";
        /// May countersign reports, propose grants and answer requests for erasure.
        SIGN = 1 << 3, "sign";
        /// May place, update, cancel and fill orders on the market.
        TRADE = 1 << 4, "trade";
        /// May do what the data owner may, but pay out, hand over, name delegates and refuse
        /// emergencies. A regulator gives it, and no organisation.
        GUARDIAN = 1 << 5, "guardian";
    }
    /// Every power that a member of the staff may have: all but a guardian's.
    all = (1 << 5) - 1
}

vocabulary! {
    /// Purposes of an access, as indices (0 to 31) into a purpose mask.
    purpose: u8 {
        /// Care of the patient.
        TREATMENT = 0, "treatment";
        /// Research under an ethics approval.
        RESEARCH = 1, "research";
        /// Public health reporting.
        PUBLIC_HEALTH = 2, "public_health";
        /// Billing and insurance.
        PAYMENT = 3, "payment";
    }
}

vocabulary! {
    /// Categories of data, as indices (0 to 31) into a category mask.
    category: u8 {
        /// Whatever has no category of its own.
        GENERAL = 0, "general";
        /// Heart and circulation.
        CARDIOLOGY = 1, "cardiology";
        /// Imaging.
        RADIOLOGY = 2, "radiology";
        /// Laboratory results.
        LABORATORY = 3, "laboratory";
        /// Medication.
        MEDICATION = 4, "medication";
        /// Mental health.
        MENTAL_HEALTH = 5, "mental_health";
        /// Genomic data.
        GENOMICS = 6, "genomics";
    }
}
