// The chat's own behaviour: citations that show their quote, copying with sources, scrolling to the newest question,
// and the colours that an embedding page asked for.
(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const compact = root.classList.contains("qa-compact");

  // colours of the embedding page
  if (compact) {
    const colour = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
    for (const [name, property] of [["accent", "--qa-accent"], ["on-accent", "--qa-on-accent"], ["background", "--qa-bg"]]) {
      const value = query.get(name) ?? "";
      if (colour.test(value)) {
        root.style.setProperty(property, value);
        document.body.style.setProperty(property, value);
      }
    }
  }

  // the language of the interface
  const wanted = query.get("lang") || navigator.language || "en";
  root.lang = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(wanted) ? wanted : "en";

  // citations
  const closeAll = (except) => {
    for (const cite of document.querySelectorAll(".qa-cite.qa-is-open")) if (cite !== except) cite.classList.remove("qa-is-open");
  };
  const open = (cite) => {
    closeAll(cite);
    cite.classList.add("qa-is-open");
    place(cite);
  };
  const place = (cite) => {
    const pop = cite.querySelector(".qa-pop");
    const marker = cite.querySelector(".qa-marker").getBoundingClientRect();
    const box = pop.getBoundingClientRect();
    const left = Math.min(Math.max(12, marker.left - 24), innerWidth - box.width - 12);
    const above = marker.top - box.height - 8;
    const origin = offsetOfFixed(pop);
    pop.style.left = `${left - origin.left}px`;
    pop.style.top = `${(above > 8 ? above : marker.bottom + 8) - origin.top}px`;
  };
  // A container query makes its element the origin of fixed positions.
  const offsetOfFixed = (pop) => {
    pop.style.left = pop.style.top = "0px";
    const box = pop.getBoundingClientRect();
    return { left: box.left, top: box.top };
  };
  const citeOf = (event) => (event.target instanceof Element ? event.target.closest(".qa-cite") : null);
  let touched = false;
  addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; }, true);
  addEventListener("mouseover", (event) => { const cite = citeOf(event); if (cite && !touched) open(cite); });
  addEventListener("mouseout", (event) => {
    const cite = citeOf(event);
    if (cite && !touched && !cite.contains(event.relatedTarget)) cite.classList.remove("qa-is-open");
  });
  addEventListener("focusin", (event) => { const cite = citeOf(event); if (cite && !touched) open(cite); else if (!cite) closeAll(); });
  addEventListener("click", (event) => {
    const cite = citeOf(event);
    // the first tap shows the quote, the second one opens the article
    if (cite && touched && !cite.classList.contains("qa-is-open")) {
      event.preventDefault();
      open(cite);
    } else if (!cite) closeAll();
  }, true);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (document.querySelector(".qa-cite.qa-is-open")) closeAll();
    else if (compact && parent !== window) parent.postMessage({ type: "qa-service:close" }, "*");
  });
  addEventListener("scroll", () => {
    const cite = document.querySelector(".qa-cite.qa-is-open");
    if (cite) place(cite);
  }, true);

  // copying
  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // without https, or in a frame that may not: the old way
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest(".qa-copy") : null;
    if (!button) return;
    await copyText(button.closest(".qa-turn").querySelector(".qa-plain").textContent);
    const [copy, done] = button.children;
    copy.hidden = true;
    done.hidden = false;
    setTimeout(() => { copy.hidden = false; done.hidden = true; }, 1800);
  });

  // while an answer comes in, its question stays at the top of the list, so that it is read from the beginning
  let shown = 0;
  let following = false;
  const follow = () => {
    const rows = document.querySelectorAll("#qa-chat .message-row.user-row");
    if (rows.length !== shown) {
      shown = rows.length;
      following = shown > 0;
    }
    if (following) requestAnimationFrame(align);
  };
  const align = () => {
    const list = document.querySelector("#qa-chat .panel-wrap");
    const wrap = list?.querySelector(".message-wrap");
    const last = [...document.querySelectorAll("#qa-chat .message-row.user-row")].pop();
    if (!following || !wrap || !last) return;
    // space under a short last answer, so that its question can stand at the top
    const above = last.getBoundingClientRect().top - wrap.getBoundingClientRect().top;
    wrap.style.minHeight = shown > 1 ? `${above + list.clientHeight}px` : "";
    if (shown > 1) list.scrollTop += last.getBoundingClientRect().top - list.getBoundingClientRect().top - 4;
    if (!last.nextElementSibling?.querySelector(".qa-notice-wait, .qa-live")) setTimeout(() => { following = false; }, 400);
  };
  for (const name of ["wheel", "touchmove", "pointerdown"]) addEventListener(name, () => { following = false; }, { passive: true });
  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });

  // what the sanitiser of the messages takes away: names and descriptions for screen readers
  let count = 0;
  const describe = () => {
    for (const bubble of document.querySelectorAll("#qa-chat [data-testid][aria-label]")) bubble.removeAttribute("aria-label");
    // Gradio calls its example buttons a list, whose items they are not
    for (const examples of document.querySelectorAll("#qa-chat .examples[role=list]")) examples.setAttribute("role", "group");
    for (const turn of document.querySelectorAll("#qa-chat .qa-turn:not([aria-label])")) {
      turn.setAttribute("aria-label", turn.querySelector(".qa-kicker").textContent);
      const headline = turn.querySelector(".qa-headline");
      headline?.classList.toggle("qa-long", headline.firstChild.textContent.length > 60);
      const evidence = turn.querySelector(".qa-evidence");
      evidence?.setAttribute("aria-label", evidence.querySelector(".qa-evidence-title").textContent);
      for (const cite of turn.querySelectorAll(".qa-cite")) {
        const pop = cite.querySelector(".qa-pop");
        pop.id = `qa-pop-${(count += 1)}`;
        cite.querySelector(".qa-marker").setAttribute("aria-describedby", pop.id);
      }
    }
  };
  new MutationObserver(describe).observe(document.body, { childList: true, subtree: true });

  // "/" goes to the box
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !(event.target instanceof HTMLTextAreaElement) && !(event.target instanceof HTMLInputElement)) {
      const box = document.querySelector("#qa-box textarea");
      if (box) { event.preventDefault(); box.focus(); }
    }
  });
})();
