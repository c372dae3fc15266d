#include "job/masking.hpp"

#include "job/terminal.hpp"

#include <algorithm>
#include <optional>
#include <variant>

namespace tracking::job {

namespace {

constexpr std::string_view kMask = "***";

/// What an address cannot go beyond in a sentence.
bool is_delimiter(char c)
{
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view{"\"<>()[],;:"}.find(c) != std::string_view::npos;
}

/// Each row that a constraint refused is quoted by the server, with all its columns.
void mask_rows(std::string& text)
{
    constexpr std::string_view kQuote = "row contains (";
    for (auto at = text.find(kQuote); at != text.npos; at = text.find(kQuote, at)) {
        at += kQuote.size();
        auto const line = std::min(text.find('\n', at), text.size());
        auto const end = text.rfind(')', line);
        auto const length = end == text.npos || end < at ? line - at : end - at;
        text.replace(at, length, kMask);
    }
}

void mask(std::string& text)
{
    text = mask_addresses(text);
}

void mask(std::optional<std::string>& text)
{
    if (text)
        mask(*text);
}

void mask(models::PlannedContact& contact)
{
    contact.full_name = kMask;
    mask(contact.email);
}

struct MaskChange
{
    void operator()(models::CreateCustomer& change) const
    {
        mask(change.name);
        mask(change.tenant_name);
        if (change.contact)
            mask(*change.contact);
    }
    void operator()(models::LinkCompany& change) const
    {
        mask(change.name);
        mask(change.link_text);
    }
    void operator()(models::AdoptCompany& change) const
    {
        mask(change.name);
        mask(change.link_text);
    }
    void operator()(models::RepairTag&) const {}
    void operator()(models::RepairContact& change) const { mask(change.contact); }
    void operator()(models::RenameCompany& change) const
    {
        mask(change.from);
        mask(change.to);
    }
    void operator()(models::Reactivate& change) const { mask(change.email); }
    void operator()(models::CleanUp&) const {}
    void operator()(models::Untag&) const {}
    void operator()(models::DeleteCustomer& change) const { mask(change.name); }
    void operator()(models::Restore& change) const { mask(change.name); }
};

void mask(std::optional<models::Change>& change)
{
    if (change)
        std::visit(MaskChange{}, *change);
}

void mask(reconcile::Drift& drift)
{
    mask(drift.tenant_name);
    mask(drift.company_name);
    mask(drift.detail);
    mask(drift.hold_reason);
    mask(drift.change);
}

void mask(std::vector<std::string>& texts)
{
    for (auto& text : texts)
        mask(text);
}

void mask(std::optional<reconcile::Plan>& plan)
{
    if (!plan)
        return;
    for (auto& drift : plan->drift)
        mask(drift);
    mask(plan->remarks);
}

}  // namespace

bool wants_masking(config::PersonalData handling, int fd)
{
    if (handling != config::PersonalData::Auto)
        return handling == config::PersonalData::Mask;
    return fd == kNoTerminal || !is_terminal(fd);
}

std::string mask_addresses(std::string_view text)
{
    std::string masked{text};
    for (auto at = masked.find('@'); at != masked.npos; at = masked.find('@', at + 1)) {
        auto start = at;
        while (start > 0 && !is_delimiter(masked[start - 1]))
            --start;
        if (start == at || at + 1 == masked.size() || is_delimiter(masked[at + 1]))
            continue;
        masked.replace(start, at - start, kMask);
        at = start + kMask.size();
    }
    mask_rows(masked);
    return masked;
}

std::string without_names(std::string_view text)
{
    auto const line = mask_addresses(text.substr(0, text.find('\n')));
    std::string kept;
    for (std::string_view rest = line; !rest.empty();) {
        auto const open = std::min(rest.find('"'), rest.size());
        kept += rest.substr(0, open);
        if (open == rest.size())
            break;
        // A name may hold quotes itself: up to the last one that can close it.
        auto const close = rest.rfind('"');
        kept.append("\"").append(kMask).append("\"");
        rest.remove_prefix(close == open ? rest.size() : close + 1);
    }
    return kept;
}

void mask_personal_data(Report& report)
{
    mask(report.error);
    mask(report.warnings);
    mask(report.refusals);
    mask(report.plan);
    mask(report.residual);
    for (auto& stale : report.stale) {
        mask(stale.expected);
        mask(stale.found);
        mask(stale.instead);
    }
    for (auto& result : report.applied.results)
        mask(result.receipt.reason);
}

}  // namespace tracking::job
