//! Pages whose code a browser loads when the first of them is opened.

/// Makes a route of each page component, under the given name. The pages of one chunk come together: `lazy_pages!(chunk: Route = Page, …)`.
///
/// The splitter takes out of the main file whatever only these pages reach, so that the first page stays small
/// however many there are. What several chunks share lies in further files, one for each set of chunks, so there are few
/// chunks: `door` for whoever is not in an organisation yet, `admin` for running one, and a few for its work.
#[macro_export]
macro_rules! lazy_pages {
    ($chunk:ident: $($route:ident = $page:ident),+ $(,)?) => {
        $(
            #[doc = concat!("The route of `", stringify!($page), "`.")]
            pub struct $route {}

            const _: () = {
                // Named like the route, since the splitter tells functions apart by their names.
                #[allow(non_snake_case)]
                #[::leptos::wasm_split::wasm_split($chunk, wasm_split_path = ::leptos::wasm_split, preload(preload))]
                fn $route() -> ::leptos::prelude::AnyView {
                    use ::leptos::prelude::*;
                    view! { <$page /> }.into_any()
                }

                impl ::leptos_router::LazyRoute for $route {
                    fn data() -> Self {
                        $route {}
                    }

                    async fn view(_: Self) -> ::leptos::prelude::AnyView {
                        $route().await
                    }

                    // The page that the server made cannot come alive before its code is there.
                    async fn preload() {
                        preload().await;
                    }
                }
            };
        )+
    };
}
