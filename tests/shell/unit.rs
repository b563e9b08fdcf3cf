//! Units as the shell shows them, and what is recorded about them.

use crate::trial::Trial;

#[test]
fn a_talk_with_a_village_is_recorded_shown_and_put_right_in_the_shell() {
    let trial = Trial::with_ledger();
    trial.run(&["unit", "add", "--name", "张家庄村", "--kind", "village"]);
    let note = ["unit", "note", "张家庄村", "--kind", "约见谈话", "--on", "今天"];
    let what = ["--decided-by", "联席会议召集人", "--why", "三件初访超期未答复"];
    let follows = ["--follows", "一周内逐件答复", "--json"];
    let noted = trial.run(&[&note[..], &what, &follows].concat());
    assert_eq!(noted.code, 0, "{}", noted.err);
    let shown = trial.run(&["unit", "show", "张家庄村", "--json"]).json();
    assert_eq!(shown["notes"]["1"]["kind"], "meeting");
    assert_eq!(shown["notes"]["1"]["follows"], "一周内逐件答复");
    let text = trial.run(&["unit", "show", "张家庄村"]).out;
    assert!(text.contains("约见谈话") && text.contains("三件初访超期未答复"), "{text}");
    let put_right = ["unit", "correct", "张家庄村", "--note", "1", "--why", "两件初访超期"];
    assert_eq!(trial.run(&put_right).code, 0);
    let shown = trial.run(&["unit", "show", "张家庄村", "--json"]).json();
    assert_eq!(shown["notes"]["1"]["why"], "两件初访超期");
    assert_eq!(shown["notes"]["1"]["decided_by"], "联席会议召集人");
    let odd = trial.run(&["unit", "correct", "张家庄村", "--note", "9", "--why", "无"]);
    assert!(odd.code != 0 && odd.err.contains('9'), "{}", odd.err);
    let without = trial.run(&["unit", "note", "张家庄村", "--kind", "通报", "--why", "无"]);
    assert_eq!(without.code, 65, "nobody decided it");
}
