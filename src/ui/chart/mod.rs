//! Charts as SVG, made on the server and alive in the browser; they know no entity.
