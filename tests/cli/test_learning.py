"""train and evaluate: a model from a labelled table, and that model held against another."""


def test_train_scores_a_model_of_ones_own(monitor, tmp_path):
    table = tmp_path / "labels.csv"
    lines = [f"第{n}件补贴,补贴资金没有拨付 {n},钱" for n in range(15)]
    lines += [f"第{n}件用地,工业用地手续怎么办 {n},地" for n in range(15)]
    table.write_text("题,话,类\n" + "\n".join(lines), encoding="utf-8")
    words = ("--labels", table, "--text", "题,话", "--label", "类", "--model", "own", "--folds", 3)

    told = monitor("train", *words, "--json").json()
    assert (told["model"], told["n"], told["cv_macro_f1"]) == ("own", 30, 1.0)
    refused = monitor("train", "--labels", table, "--text", "没有", "--label", "类", "--json")
    assert (refused.code, refused.out) == (1, "")

    held = monitor("evaluate", *words[:-2], "--json").json()
    assert (held["n"], held["macro_f1"], held["version"]) == (30, 1.0, told["version"])
    assert [(step["target"], step["threshold"]) for step in held["automatic"]] == [
        (step["target"], step["threshold"]) for step in told["automatic"]
    ]
    assert "目标精确率" in monitor("evaluate", *words[:-2]).out


def test_a_table_with_the_second_level_teaches_it_too(monitor, tmp_path):
    table = tmp_path / "labels.csv"
    lines = [f"第{n}件,补贴公示以后没有到账 {n},funds,funds.arrears" for n in range(12)]
    lines += [f"第{n}件,补贴材料审到哪一步 {n},funds,funds.progress" for n in range(12)]
    lines += [f"第{n}件,厂房漏水没人修 {n},factor,factor.plant" for n in range(12)]
    table.write_text("title,text,topic,subtopic\n" + "\n".join(lines), encoding="utf-8")

    told = monitor("train", "--labels", table, "--folds", 3, "--json").json()

    assert told["model"] == "topic"
    assert (told["below"]["n"], told["below"]["cv_accuracy"]) == (24, 1.0)
