//! People: log-in, second factor, sessions, and what each role may take.

use atalaya::access::Role;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn the_house_opens_on_both_databases() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        assert_eq!(house.done().await, ["person.added"], "on {}", house.on);
        assert_eq!(analyst.get("/nowhere").await.status, 404);
    }
}
