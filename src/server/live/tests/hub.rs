use axum::body::Bytes;

use crate::server::id::hash;
use crate::server::live::hub::{Live, PER_PERSON, Who};

fn who(organization: &str, user: &str) -> Who {
    Who {
        organization: organization.into(),
        session: format!("session-{user}"),
        user: user.into(),
        name: user.to_uppercase(),
        token: hash(user),
    }
}

fn next(from: &mut tokio::sync::mpsc::Receiver<Bytes>) -> Option<String> {
    from.try_recv().ok().map(|said| String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn only_listeners_of_the_organisation_hear_and_a_slow_one_is_dropped() {
    let live = Live::default();
    let (_one, mut acme) = live.join(who("acme", "ann"), String::new()).unwrap();
    let (_two, mut other) = live.join(who("other", "bob"), String::new()).unwrap();
    let (_three, mut slow) = live.join(who("acme", "sid"), String::new()).unwrap();
    for n in 0..200 {
        live.tell("acme", &format!("{n}").into());
        assert_eq!(next(&mut acme), Some(n.to_string()));
    }
    assert_eq!((next(&mut other), live.count()), (None, 2));
    let mut kept = 0;
    while let Some(said) = slow.recv().await {
        assert_eq!(said, Bytes::from(kept.to_string()));
        kept += 1;
    }
    assert_eq!(kept, 64, "then the stream ends");
    drop(_two);
    assert_eq!(live.count(), 1);
    assert_eq!(other.recv().await, None);
    live.close();
    assert_eq!((live.count(), acme.recv().await), (0, None));
    assert!(live.join(who("acme", "ann"), String::new()).is_err());
}

#[tokio::test]
async fn a_person_has_so_many_streams() {
    let live = Live::default();
    let mut seats: Vec<_> = (0..PER_PERSON).map(|_| live.join(who("acme", "ann"), String::new()).unwrap()).collect();
    assert!(live.join(who("other", "ann"), String::new()).is_err());
    assert!(live.join(who("acme", "bob"), String::new()).is_ok());
    seats.pop();
    assert!(live.join(who("acme", "ann"), String::new()).is_ok());
}

#[tokio::test]
async fn those_at_one_page_learn_of_each_other() {
    let live = Live::default();
    let (ann, mut to_ann) = live.join(who("acme", "ann"), "/one".into()).unwrap();
    assert_eq!(next(&mut to_ann).unwrap(), "event: here\ndata: []\n\n");
    let (bob, mut to_bob) = live.join(who("acme", "bob"), "/two".into()).unwrap();
    let _again = live.join(who("acme", "ann"), "/one".into()).unwrap();
    let _elsewhere = live.join(who("other", "eve"), "/one".into()).unwrap();
    while next(&mut to_ann).is_some() {}
    while next(&mut to_bob).is_some() {}
    assert!(!live.moved(bob.key, &hash("ann"), "/one".into()), "with another session");
    assert_eq!(next(&mut to_ann), None);
    assert!(live.moved(bob.key, &hash("bob"), "/one".into()));
    assert_eq!(next(&mut to_ann).unwrap(), "event: here\ndata: [\"BOB\"]\n\n");
    assert_eq!(next(&mut to_bob).unwrap(), "event: here\ndata: [\"ANN\"]\n\n");
    drop(bob);
    assert_eq!(next(&mut to_ann).unwrap(), "event: here\ndata: []\n\n");
    assert!(!live.moved(ann.key + 100, &hash("ann"), String::new()));
}
