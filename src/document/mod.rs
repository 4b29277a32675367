//! Documents: PRDs, RFCs, specifications and what else is written down.
