//! Stage 1: playbooks are read, brought in, taken over and compared, on pages and by programs.

use serde_json::json;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::world::on_both;

#[test]
fn a_playbook_is_taken_over_changed_brought_in_and_its_versions_are_compared() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let visitor = world.visitor();
        visitor
            .get("/playbooks")
            .await
            .shows("2 playbooks")
            .shows("comes with the program")
            .hides("Bring it in");
        visitor.post("/playbooks", &[("playbook", "x")]).await.is(303);
        visitor
            .get("/playbooks/buying")
            .await
            .shows("What may hold it up")
            .shows("Removes it, ")
            .hides("Take it over");
        visitor.get("/playbooks/selling").await.is(404);

        jo.post("/playbooks/buying/forks", &[("id", "Our Own")]).await.is(422).shows("small letters");
        jo.post("/playbooks/buying/forks", &[("id", "buying")]).await.is(422);
        let ours = jo.submit("/playbooks/buying/forks", &[("id", "selling-to-schools")]).await;
        assert_eq!(ours, "/playbooks/selling-to-schools");
        let page = visitor.get(&ours).await;
        page.shows("selling-to-schools/1").shows("Taken over from buying/1").shows("Nothing that it says.");
        visitor.get("/diagnosis").await.shows("It knows");
        visitor.get("/diagnosis/selling-to-schools").await.shows("Question 1 of");

        let text = visitor.get(&format!("{ours}/text")).await.body;
        jo.post("/playbooks", &[("playbook", &text.replace("common = 12", "common = 14"))])
            .await
            .is(422)
            .shows("set `version = 2` in the file");
        let next = text.replace("common = 12", "common = 14").replace("version = 1", "version = 2");
        jo.submit("/playbooks", &[("playbook", &next)]).await;
        jo.submit("/playbooks", &[("playbook", &next)]).await;
        visitor
            .get(&format!("{ours}?since=1"))
            .await
            .shows("What changed since selling-to-schools/1")
            .shows("`common` rises from 12 to 14")
            .shows("What changed since buying/1");
        visitor.get("/playbooks").await.shows("3 playbooks").shows("selling-to-schools/2");

        let wrong = next.replace("version = 2", "version = 3").replace("format = ", "form = ");
        jo.post("/playbooks", &[("playbook", &wrong)]).await.is(422).shows("Line ");
        let shipped = text.replace("selling-to-schools", "buying");
        jo.post("/playbooks", &[("playbook", &shipped)]).await.is(422).shows("comes with the program");
        let harmful = next.replace("version = 2", "version = 3").replacen(
            "name = \"",
            "name = \"<script>alert(1)</script>",
            1,
        );
        jo.submit("/playbooks", &[("playbook", &harmful)]).await;
        assert!(!visitor.get(&ours).await.body.contains("<script>alert"), "what somebody wrote is text");

        let case = [("title", "Schools"), ("playbook", "selling-to-schools")];
        jo.submit("/cases", &case).await;
        let tried = [("remedy", "no-such"), ("friction", "status-quo"), ("outcome", "gone")];
        jo.post("/diagnosis/selling-to-schools/outcomes", &tried).await.is(422).shows("is no remedy of");
    });
}

#[test]
fn a_program_diagnoses_and_brings_a_playbook_in() {
    on_both(async |world| {
        let reader = world.client(&[Scope::Read]).await;
        let list = reader.get("/api/v1/playbooks").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        let one = reader.get("/api/v1/playbooks/internal-change").await.json();
        assert_eq!(one["signs"].as_array().unwrap().len(), 27);
        reader.get("/api/v1/playbooks/selling").await.is(404);
        let writer = world.client(&[Scope::Write]).await;
        let answers = json!({ "answers": { "owner": "nobody", "steps": "unknown" } });
        let diagnosis = writer.post("/api/v1/diagnosis/internal-change", &answers).await.json();
        assert_eq!(diagnosis["frictions"][0]["friction"], "no-owner");
        assert_eq!(diagnosis["answers"]["steps"], "unknown");
        assert!(diagnosis["next"]["gain_bits"].as_f64().unwrap() > 0.05);
        let wrong = json!({ "answers": { "owner": "everybody" } });
        let problem = writer.post("/api/v1/diagnosis/internal-change", &wrong).await;
        problem.is(422);
        assert_eq!(problem.json()["field"], "answers");
        world.visitor().get("/api/v1/diagnosis/internal-change").await.is(401);

        let text = world.visitor().get("/playbooks/buying/text").await.body;
        let ours = text.replacen("id = \"buying\"", "id = \"ours\"", 1);
        let made = writer.post("/api/v1/playbooks", &json!({ "text": ours })).await;
        assert_eq!(made.is(201).json()["id"], "ours");
        reader.post("/api/v1/playbooks", &json!({ "text": text })).await.is(403);
        writer.post("/api/v1/playbooks", &json!({ "text": "x" })).await.is(422);
    });
}
