// Quizzes remember. Without this script every option still tells whether it holds, and why; with it the first choice
// counts, answers stay in this browser under the question's hash, and wrong ones can be tried again by themselves.
"use strict";
(() => {
    const quiz = document.querySelector(".quiz");
    if (quiz === null) {
        return;
    }
    const questions = [...quiz.querySelectorAll(".question")].map((element) => ({
        element,
        key: `workbook-quiz-${element.dataset.question}`,
        options: [...element.querySelectorAll(".option")],
        /** Indices of the options that were opened, the first choice first. */
        chosen: [],
    }));

    // A browser may refuse to keep anything, for instance for files on a disk.
    function remember(question) {
        try {
            if (question.chosen.length > 0) {
                localStorage.setItem(question.key, JSON.stringify(question.chosen));
            } else {
                localStorage.removeItem(question.key);
            }
        } catch {
            // Then answers last as long as the page.
        }
    }

    function recall(question) {
        try {
            const kept = JSON.parse(localStorage.getItem(question.key));
            return Array.isArray(kept) ? kept.filter((index) => question.options[index] !== undefined) : [];
        } catch {
            return [];
        }
    }

    const isRight = ({ options, chosen }) => options[chosen[0]].classList.contains("is-right");
    const result = document.createElement("div");
    result.className = "quiz-result";
    result.hidden = true;
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    const again = document.createElement("button");
    again.type = "button";
    again.className = "card-button";
    again.textContent = "Try the wrong ones again";
    result.append(words, again);
    quiz.after(result);

    function tell() {
        const answered = questions.filter(({ chosen }) => chosen.length > 0);
        const right = answered.filter(isRight).length;
        const open = questions.length - answered.length;
        result.hidden = answered.length === 0;
        const rest = open > 0 ? `, ${open} not answered yet` : "";
        words.textContent = `${right} of ${answered.length} right at the first choice${rest}.`;
        again.hidden = right === answered.length;
    }

    function tryAgain() {
        const wrong = questions.filter((question) => question.chosen.length > 0 && !isRight(question));
        for (const question of wrong) {
            question.chosen = [];
            question.options.forEach((option) => {
                option.open = false;
            });
            remember(question);
        }
        tell();
        wrong[0]?.options[0].querySelector("summary").focus();
    }

    for (const question of questions) {
        question.chosen = recall(question);
        question.chosen.forEach((index) => {
            question.options[index].open = true;
        });
        question.options.forEach((option, index) => option.addEventListener("toggle", () => {
            if (option.open && !question.chosen.includes(index)) {
                question.chosen.push(index);
                remember(question);
                tell();
            }
        }));
    }
    again.addEventListener("click", tryAgain);
    tell();
})();
