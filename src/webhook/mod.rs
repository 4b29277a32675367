//! Webhooks: what happens here told to other programs.
