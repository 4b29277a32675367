//! KPIs: the figures by which a product is measured.
