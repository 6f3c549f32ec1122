//! Whole stories on the real node and the real Postgres. They are one program: linking the whole system
//! once takes half a minute, not ten; and while one of them waits for a block, another works.

mod agreements;
mod audit;
mod carbon;
mod clients;
mod codes;
mod consent;
mod demo;
mod deploy;
mod errors;
mod faults;
mod guardians;
mod market;
mod node;
mod offices;
mod participants;
mod readme;
mod reports;
mod rewards;
mod scripts;
mod sign_in;
mod source;
mod story;
mod succession;
mod tls;
mod token;
